"""What is said about files: imported weights, set-ups and presets, space on the disk."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

FILE_TEMPLATES: dict[str, str] = {
    # Importing weights
    "import.other_kind": QT_TRANSLATE_NOOP("Engine", "{path} is no file of weights (.pt, .pth, .bin or .safetensors)."),
    "import.missing": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read ({error})."),
    "import.too_large": QT_TRANSLATE_NOOP("Engine", "{path} has more than {gibibytes} GiB."),
    "import.bad_out": QT_TRANSLATE_NOOP(
        "Engine", "{path} is no name for imported weights: it must end in .safetensors."
    ),
    "import.exists": QT_TRANSLATE_NOOP("Engine", "{path} is there already."),
    "import.not_written": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    "import.not_tensors": QT_TRANSLATE_NOOP(
        "Engine", "{path} holds more than tensors: it names {name}, which was neither loaded nor run."
    ),
    "import.not_weights": QT_TRANSLATE_NOOP(
        "Engine", "{path} holds something else than tensors; it was neither loaded nor run."
    ),
    "import.unreadable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read as weights: {error}"),
    "import.empty": QT_TRANSLATE_NOOP("Engine", "{path} holds no tensor that can be imported."),
    "import.no_memory": QT_TRANSLATE_NOOP("Engine", "Reading {path} took more memory than it may ({mebibytes} MiB)."),
    "import.too_long": QT_TRANSLATE_NOOP("Engine", "Reading {path} took longer than it may ({seconds} s)."),
    "import.died": QT_TRANSLATE_NOOP("Engine", "The process that read {path} ended without an answer ({how})."),
    # Fine-tuning from a file
    "fine_tune.not_finite": QT_TRANSLATE_NOOP("Engine", "{name} in {path} holds NaN or infinity."),
    "fine_tune.foreign": QT_TRANSLATE_NOOP("Engine", "{path} is a file of PyTorch, which is read only by an import."),
    "todo.import_first": QT_TRANSLATE_NOOP(
        "Engine", "Convert it first (gan-studio import FILE --out FILE.safetensors), then begin with what that wrote."
    ),
    "todo.choose_weights": QT_TRANSLATE_NOOP(
        "Engine", "Choose a file that torch.save wrote from a state_dict, or a .safetensors file."
    ),
    "todo.other_out": QT_TRANSLATE_NOOP("Engine", "Name a new file that ends in .safetensors."),
    "kept.nothing_written": QT_TRANSLATE_NOOP("Engine", "Nothing was written, and nothing in it was run."),
    # Tensor files
    "file.other_numbers": QT_TRANSLATE_NOOP(
        "Engine", "it holds numbers of kind {kind}, which gan-studio import converts."
    ),
    "file.no_room": QT_TRANSLATE_NOOP("Engine", "there is not enough memory for it."),
    "file.too_large_here": QT_TRANSLATE_NOOP(
        "Engine", "it needs {needed} MiB of memory, and {available} MiB are free."
    ),
    "checkpoint.bad_knob": QT_TRANSLATE_NOOP("Engine", "it sets {name} to {value}, which no run does."),
    # run.sqlite
    "log.odd_part": QT_TRANSLATE_NOOP("Engine", "it holds a {kind} called {name}, which no run makes."),
    "log.odd_row": QT_TRANSLATE_NOOP("Engine", "its table {table} holds what no run writes."),
    "todo.other_log": QT_TRANSLATE_NOOP(
        "Engine", "Put a copy of run.sqlite back, or move it away and lose the figures alone."
    ),
    # Settings
    "toml.too_deep": QT_TRANSLATE_NOOP("Engine", "it is nested more than {most} deep."),
    "toml.too_many": QT_TRANSLATE_NOOP("Engine", "it names more than {most} values."),
    "config.not_a_section": QT_TRANSLATE_NOOP("Engine", "{name} is a section of settings, not a single value."),
    "preset.damaged": QT_TRANSLATE_NOOP("Engine", "Your preset {name} cannot be used. {reason}"),
    "preset.bad_name": QT_TRANSLATE_NOOP("Engine", "{name} cannot be the name of a preset: {reason}"),
    "preset.name_empty": QT_TRANSLATE_NOOP("Engine", "it is empty."),
    "preset.name_long": QT_TRANSLATE_NOOP("Engine", "it is longer than {most} characters."),
    "preset.name_sign": QT_TRANSLATE_NOOP("Engine", "the sign {sign} may not stand in the name of a file."),
    "preset.name_end": QT_TRANSLATE_NOOP("Engine", "it may not begin or end with a dot or a space."),
    "preset.name_shipped": QT_TRANSLATE_NOOP("Engine", "a preset that comes with GAN Studio is called so."),
    "preset.name_system": QT_TRANSLATE_NOOP("Engine", "Windows keeps this name for a device."),
    "preset.not_saved": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    "todo.other_name": QT_TRANSLATE_NOOP("Engine", "Choose another name."),
    "todo.other_place": QT_TRANSLATE_NOOP("Engine", "Choose a folder that can be written, with room on its disk."),
    # Without a window
    "window.no_qt": QT_TRANSLATE_NOOP("Engine", "The window cannot be opened, because Qt cannot be loaded ({error})."),
    "todo.install_qt": QT_TRANSLATE_NOOP(
        "Engine",
        "Run pip install --force-reinstall PySide6-Essentials pyqtgraph, install the system library that is"
        " named, or train without a window (gan-studio --help).",
    ),
    "kept.set_up": QT_TRANSLATE_NOOP("Engine", "The set-up in the window is as it was."),
    "space.checkpoints": QT_TRANSLATE_NOOP(
        "Engine",
        "Older checkpoints. The newest whole one of each branch stays; the run can no longer go back to the others.",
    ),
    "space.snapshots": QT_TRANSLATE_NOOP(
        "Engine", "Earlier generators. {kept} of each branch stay, so the time slider of Explore has fewer stops."
    ),
    "space.sheets": QT_TRANSLATE_NOOP(
        "Engine", "Earlier sample sheets. {kept} of each branch stay, so the slider under the samples has fewer stops."
    ),
    "space.leftovers": QT_TRANSLATE_NOOP("Engine", "Unfinished files of programs that were killed. Nobody needs them."),
    "space.refused": QT_TRANSLATE_NOOP("Engine", "Space in {folder} could not be freed: {error}."),
    "kept.newest_checkpoints": QT_TRANSLATE_NOOP("Engine", "The newest whole checkpoint of each branch is there."),
}
