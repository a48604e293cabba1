"""What is said about other files: imported weights, tensor files, run.sqlite, set-ups, presets and disk space."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

FILE_TEMPLATES: dict[str, str] = {
    # Importing weights
    "import.other_kind": QT_TRANSLATE_NOOP(
        "Engine", "{path} is not a file of weights (.pt, .pth, .ckpt, .bin or .safetensors)."
    ),
    "import.missing": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read ({error})."),
    "import.too_large": QT_TRANSLATE_NOOP("Engine", "{path} is larger than {most}."),
    "import.bad_out": QT_TRANSLATE_NOOP(
        "Engine", "{path} cannot hold imported weights: its name must end in .safetensors."
    ),
    "import.exists": QT_TRANSLATE_NOOP("Engine", "{path} already exists."),
    "import.not_written": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    "import.not_tensors": QT_TRANSLATE_NOOP(
        "Engine", "{path} holds more than tensors: it names {name}, which was neither loaded nor run."
    ),
    "import.not_weights": QT_TRANSLATE_NOOP(
        "Engine", "{path} holds something other than tensors, which was neither loaded nor run."
    ),
    "import.unreadable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read as weights: {error}"),
    "import.empty": QT_TRANSLATE_NOOP("Engine", "{path} holds no tensor that can be imported."),
    "import.no_memory": QT_TRANSLATE_NOOP("Engine", "Reading {path} took more memory than allowed ({limit})."),
    "import.too_long": QT_TRANSLATE_NOOP("Engine", "Reading {path} took longer than allowed ({seconds} s)."),
    "import.died": QT_TRANSLATE_NOOP("Engine", "The process that read {path} ended without an answer ({how})."),
    "kept.nothing_written": QT_TRANSLATE_NOOP("Engine", "Nothing was written, and no code from the file was run."),
    "todo.choose_weights": QT_TRANSLATE_NOOP(
        "Engine", "Choose a file that torch.save wrote from a state_dict, or a .safetensors file."
    ),
    "todo.save_state_dict": QT_TRANSLATE_NOOP(
        "Engine",
        "Save only the tensors in the program that wrote it (torch.save(model.state_dict(), 'weights.pth')), and import"
        " that file.",
    ),
    "import.stopped": QT_TRANSLATE_NOOP("Engine", "Reading {path} was stopped."),
    "todo.other_out": QT_TRANSLATE_NOOP("Engine", "Name a new file that ends in .safetensors."),
    # Fine-tuning from a file
    "fine_tune.not_finite": QT_TRANSLATE_NOOP("Engine", "{name} in {path} holds NaN or infinity."),
    "fine_tune.unused": QT_TRANSLATE_NOOP(
        "Engine", "Tensors of {path} that fit no network of this set-up were not used ({count}): {names}."
    ),
    "fine_tune.foreign": QT_TRANSLATE_NOOP("Engine", "{path} is a PyTorch file, which must be imported first."),
    "todo.import_first": QT_TRANSLATE_NOOP(
        "Engine", "Convert it first (gan-studio import FILE, or File > Open weights), then use the converted file."
    ),
    # Tensor files
    "file.other_numbers": QT_TRANSLATE_NOOP("Engine", "it holds {kind} numbers, which gan-studio import converts."),
    "file.no_room": QT_TRANSLATE_NOOP("Engine", "there is not enough memory for it."),
    "file.too_large_here": QT_TRANSLATE_NOOP("Engine", "it needs {needed} of memory, and {available} are free."),
    "checkpoint.bad_knob": QT_TRANSLATE_NOOP("Engine", "it sets {name} to {value}, which no run does."),
    # run.sqlite
    "log.odd_part": QT_TRANSLATE_NOOP("Engine", "it holds a {kind} called {name}, which no run makes."),
    "log.odd_row": QT_TRANSLATE_NOOP("Engine", "its table {table} holds values that no run writes."),
    "todo.other_log": QT_TRANSLATE_NOOP(
        "Engine",
        "Put a good copy of run.sqlite in its place, or move it away: that loses the metrics and nothing else.",
    ),
    # Set-ups and presets
    "toml.too_deep": QT_TRANSLATE_NOOP("Engine", "it is nested more than {most} levels deep."),
    "toml.too_many": QT_TRANSLATE_NOOP("Engine", "it sets more than {most} values."),
    "config.not_a_section": QT_TRANSLATE_NOOP("Engine", "{name} is a section of settings, not a single value."),
    "preset.damaged": QT_TRANSLATE_NOOP("Engine", "Your preset {name} cannot be used. {reason}"),
    "preset.bad_name": QT_TRANSLATE_NOOP("Engine", "{name} cannot be the name of a preset: {reason}"),
    "preset.name_empty": QT_TRANSLATE_NOOP("Engine", "it is empty."),
    "preset.name_long": QT_TRANSLATE_NOOP("Engine", "it is longer than {most} characters."),
    "preset.name_sign": QT_TRANSLATE_NOOP("Engine", "the character {sign} is not allowed in file names."),
    "preset.name_end": QT_TRANSLATE_NOOP("Engine", "it must not begin or end with a dot or a space."),
    "preset.name_shipped": QT_TRANSLATE_NOOP("Engine", "a preset that comes with GAN Studio has this name."),
    "preset.name_system": QT_TRANSLATE_NOOP("Engine", "Windows reserves this name for a device."),
    "preset.not_saved": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    "kept.set_up": QT_TRANSLATE_NOOP("Engine", "The set-up in the window is unchanged."),
    "todo.other_name": QT_TRANSLATE_NOOP("Engine", "Choose another name."),
    "todo.other_place": QT_TRANSLATE_NOOP(
        "Engine", "Choose a folder that you can write to, on a disk with free space."
    ),
    # Without a window
    "window.no_qt": QT_TRANSLATE_NOOP("Engine", "The window cannot be opened, because Qt cannot be loaded ({error})."),
    "window.no_display": QT_TRANSLATE_NOOP(
        "Engine", "The window cannot be opened, because there is no display: DISPLAY and WAYLAND_DISPLAY are not set."
    ),
    "window.display_refused": QT_TRANSLATE_NOOP(
        "Engine", "The window cannot be opened, because no connection to the display {display} could be made."
    ),
    "window.no_library": QT_TRANSLATE_NOOP(
        "Engine", "The window cannot be opened, because system libraries that Qt needs are missing: {libraries}."
    ),
    "todo.name_display": QT_TRANSLATE_NOOP(
        "Engine",
        "Start it on a desktop, name a display (DISPLAY=:0 gan-studio; with ssh: ssh -X), or train without a window"
        " (gan-studio train).",
    ),
    "todo.install_library": QT_TRANSLATE_NOOP(
        "Engine",
        "Install them (Debian and Ubuntu: sudo apt-get install {packages}), or train without a window (gan-studio"
        " train).",
    ),
    "todo.install_qt": QT_TRANSLATE_NOOP(
        "Engine",
        "Run pip install --force-reinstall PySide6-Essentials pyqtgraph, install the system library that is"
        " named above, or train without a window (gan-studio --help).",
    ),
    # Saved pictures
    "origin.none": QT_TRANSLATE_NOOP("Engine", "{path} does not say which z it was drawn from."),
    "origin.damaged": QT_TRANSLATE_NOOP("Engine", "What {path} says about the z that it was drawn from is damaged."),
    "origin.unreadable": QT_TRANSLATE_NOOP(
        "Engine", "{path} cannot be read as a PNG, JPEG or WebP picture of at most 256 MB."
    ),
    "todo.picture_of_ours": QT_TRANSLATE_NOOP(
        "Engine", "Choose a picture that GAN Studio saved and that no other program has changed since."
    ),
    "save.too_large": QT_TRANSLATE_NOOP(
        "Engine", "A picture of {width} × {height} pixels is too large to be saved as {format}."
    ),
    "todo.enlarge_less": QT_TRANSLATE_NOOP("Engine", "Choose a smaller enlargement."),
    # Paths
    "path.no_working_folder": QT_TRANSLATE_NOOP(
        "Engine", "{path} cannot be found, because the folder in which GAN Studio was started no longer exists."
    ),
    "path.gone_working_folder": QT_TRANSLATE_NOOP(
        "Engine", "The folder in which GAN Studio was started no longer exists."
    ),
    "todo.other_working_folder": QT_TRANSLATE_NOOP("Engine", "Start it in a folder that exists (cd ~)."),
    "todo.whole_path": QT_TRANSLATE_NOOP("Engine", "Write the whole path, from / on, or start in another folder."),
    # Freeing disk space
    "space.checkpoints": QT_TRANSLATE_NOOP(
        "Engine",
        "Older checkpoints. The newest intact one of each branch stays; the run can no longer go back to the others.",
    ),
    "space.snapshots": QT_TRANSLATE_NOOP(
        "Engine", "Earlier snapshots. {kept} of each branch stay, so the time slider of Explore has fewer stops."
    ),
    "space.sheets": QT_TRANSLATE_NOOP(
        "Engine", "Earlier sample sheets. {kept} of each branch stay, so the slider under the samples has fewer stops."
    ),
    "space.leftovers": QT_TRANSLATE_NOOP(
        "Engine", "Unfinished files that killed programs left behind. Nothing needs them."
    ),
    "space.refused": QT_TRANSLATE_NOOP("Engine", "Disk space in {folder} could not be freed: {error}."),
    "kept.newest_checkpoints": QT_TRANSLATE_NOOP(
        "Engine", "The newest intact checkpoint of each branch is still there."
    ),
}
