"""English templates of what the engine says, by message key: what happened, what was kept, what to do."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

TEMPLATES: dict[str, str] = {
    "number": QT_TRANSLATE_NOOP("Engine", "{value}"),
    # Pictures that are left out
    "picture.not_a_file": QT_TRANSLATE_NOOP("Engine", "not a regular file"),
    "picture.unreadable": QT_TRANSLATE_NOOP("Engine", "no permission to read it"),
    "picture.too_large": QT_TRANSLATE_NOOP("Engine", "more than {most} million pixels"),
    "picture.damaged": QT_TRANSLATE_NOOP("Engine", "damaged: {error}"),
    # Data
    "data.no_such_folder": QT_TRANSLATE_NOOP("Engine", "There is no folder {folder}."),
    "data.other_pictures": QT_TRANSLATE_NOOP("Engine", "the pictures of {source} are not those the run began with"),
    "data.changed": QT_TRANSLATE_NOOP(
        "Engine", "The pictures of {source} are not those that the run began with: {differences}."
    ),
    "data.difference.count": QT_TRANSLATE_NOOP("Engine", "{now} instead of {before} pictures"),
    "data.difference.classes": QT_TRANSLATE_NOOP("Engine", "the classes {now} instead of {before}"),
    "data.difference.pixels": QT_TRANSLATE_NOOP("Engine", "other pixels or labels in as many pictures"),
    "data.many_left_out": QT_TRANSLATE_NOOP(
        "Engine", "{bad} of {total} pictures cannot be used, more than a tenth. The first: {name} ({reason})."
    ),
    "data.no_labels": QT_TRANSLATE_NOOP(
        "Engine", "A run by class needs labels, and the pictures of {source} have none."
    ),
    # Fine-tuning
    "fine_tune.no_origin": QT_TRANSLATE_NOOP("Engine", "{path} is neither a run nor a .safetensors file."),
    "fine_tune.nothing_fits": QT_TRANSLATE_NOOP("Engine", "No weight of a generator in {path} fits this set-up."),
    "fine_tune.all_taken": QT_TRANSLATE_NOOP("Engine", "Fine-tuning from {path}: all {taken} tensors were taken."),
    "fine_tune.some_taken": QT_TRANSLATE_NOOP(
        "Engine", "Fine-tuning from {path}: {taken} tensors were taken, {fresh} begin anew ({names})."
    ),
    # Configuration
    "config.refused": QT_TRANSLATE_NOOP("Engine", "The settings in {path} were refused: {reason}"),
    "config.unknown_field": QT_TRANSLATE_NOOP("Engine", "there is no setting {name}; the nearest is {nearest}."),
    "config.bad_value": QT_TRANSLATE_NOOP("Engine", "{name} = {value}: {reason}."),
    "toml.too_large": QT_TRANSLATE_NOOP("Engine", "the file is larger than {bytes} bytes."),
    "toml.syntax": QT_TRANSLATE_NOOP("Engine", "this is not TOML: {error}."),
    "preset.missing": QT_TRANSLATE_NOOP("Engine", "There is no preset called {name}."),
    # Devices
    "device.missing": QT_TRANSLATE_NOOP("Engine", "The device {device} is not available on this machine."),
    # Files
    "file.unusable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be used: {reason}"),
    "file.unreadable": QT_TRANSLATE_NOOP("Engine", "it cannot be read ({error})."),
    "file.too_large": QT_TRANSLATE_NOOP("Engine", "it is larger than {gibibytes} GiB."),
    "file.cut_short": QT_TRANSLATE_NOOP("Engine", "it was cut short or has been added to."),
    "file.bad_header": QT_TRANSLATE_NOOP("Engine", "its header is damaged."),
    "file.wrong_hash": QT_TRANSLATE_NOOP("Engine", "its content does not match its SHA-256."),
    "file.other_tensors": QT_TRANSLATE_NOOP(
        "Engine", "its tensors are not those of this set-up (first difference: {difference})."
    ),
    "checkpoint.other_config": QT_TRANSLATE_NOOP("Engine", "it belongs to a run with other settings."),
    "checkpoint.other_kind": QT_TRANSLATE_NOOP("Engine", "it is no {kind} of format {version}."),
    "checkpoint.skipped": QT_TRANSLATE_NOOP("Engine", "A newer checkpoint was passed over. {reason}"),
    # Runs
    "run.missing": QT_TRANSLATE_NOOP("Engine", "{path} does not hold a run."),
    "run.exists": QT_TRANSLATE_NOOP("Engine", "{path} already holds a run."),
    "run.other_format": QT_TRANSLATE_NOOP("Engine", "The run {path} has format {version}; this program knows {known}."),
    "run.not_writable": QT_TRANSLATE_NOOP("Engine", "The run folder {path} cannot be written: {error}."),
    "run.no_checkpoint": QT_TRANSLATE_NOOP("Engine", "The run {path} has no checkpoint that can be used. {reason}"),
    "run.damaged": QT_TRANSLATE_NOOP("Engine", "{path} lacks parts that every run has."),
    "run.not_exact": QT_TRANSLATE_NOOP("Engine", "Not bit-exact since step {step}, because of {reasons}."),
    "run.broke": QT_TRANSLATE_NOOP("Engine", "Training broke off at step {step}: {error}."),
    "knob.refused": QT_TRANSLATE_NOOP("Engine", "{name} = {value} is outside its limits and was not set."),
    "knob.not_logged": QT_TRANSLATE_NOOP(
        "Engine", "{name} was not changed, because the change could not be logged ({error})."
    ),
    # Samples
    "sample.bad_count": QT_TRANSLATE_NOOP("Engine", "{count} pictures from sample seed {seed} cannot be drawn."),
    "sample.no_such_class": QT_TRANSLATE_NOOP("Engine", "The run knows no class {name}."),
    "sample.no_such_step": QT_TRANSLATE_NOOP("Engine", "No generator of step {checkpoint} was kept."),
    "sample.not_written": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    # Exploring and reading
    "explore.no_model": QT_TRANSLATE_NOOP("Engine", "There is no generator to draw with yet."),
    "explore.other_model": QT_TRANSLATE_NOOP("Engine", "The generator does not fit this run: {error}"),
    "open.busy": QT_TRANSLATE_NOOP("Engine", "Another run cannot be opened while this one trains."),
    "read.failed": QT_TRANSLATE_NOOP("Engine", "Reading failed ({error})."),
    # What was kept
    "kept.nothing_begun": QT_TRANSLATE_NOOP("Engine", "Nothing was begun, so nothing is lost."),
    "kept.file_untouched": QT_TRANSLATE_NOOP("Engine", "Nothing in it was changed."),
    "kept.run_folder": QT_TRANSLATE_NOOP("Engine", "Everything up to the last checkpoint is in {folder}."),
    "kept.training_goes_on": QT_TRANSLATE_NOOP("Engine", "Training goes on."),
    # What to do
    "todo.choose_preset": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.choose_folder": QT_TRANSLATE_NOOP("Engine", "Choose a folder that exists."),
    "todo.put_pictures": QT_TRANSLATE_NOOP("Engine", "Choose a folder that holds pictures, in it or in folders below."),
    "todo.accept_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Put the pictures back, or go on with the new ones (gan-studio resume --accept other-pictures)."
    ),
    "todo.accept_left_out": QT_TRANSLATE_NOOP(
        "Engine", "Mend or remove them, or start all the same (gan-studio train --accept bad-pictures)."
    ),
    "todo.label_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Put the pictures of each class into a folder of its own and none beside them, or turn By class off."
    ),
    "todo.same_model": QT_TRANSLATE_NOOP("Engine", "Use the model settings of the earlier run: size, width, latent."),
    "todo.choose_origin": QT_TRANSLATE_NOOP("Engine", "Choose a run folder or a .safetensors file."),
    "todo.choose_cpu": QT_TRANSLATE_NOOP("Engine", "Choose another device, or the CPU."),
    "todo.other_file": QT_TRANSLATE_NOOP("Engine", "Choose another file, or an older checkpoint of the run."),
    "todo.mend_file": QT_TRANSLATE_NOOP("Engine", "Mend the file and try again."),
    "todo.newer_program": QT_TRANSLATE_NOOP("Engine", "Open it with the version of GAN Studio that wrote it."),
    "todo.end_other": QT_TRANSLATE_NOOP("Engine", "Stop it there first, or open the run only to look at it."),
    "todo.choose_run": QT_TRANSLATE_NOOP("Engine", "Choose a folder that holds run.toml and checkpoints."),
    "todo.resume_or_other": QT_TRANSLATE_NOOP("Engine", "Go on with it (gan-studio resume), or name another folder."),
    "todo.other_folder": QT_TRANSLATE_NOOP("Engine", "Name a folder that can be written."),
    "todo.choose_class": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.choose_step": QT_TRANSLATE_NOOP("Engine", "Choose last, or one of the steps {steps}."),
    "todo.see_help": QT_TRANSLATE_NOOP("Engine", "gan-studio COMMAND --help shows what is possible."),
    "todo.stop_first": QT_TRANSLATE_NOOP("Engine", "Stop this run first; it can be gone on with at any time."),
    "todo.wait_or_open": QT_TRANSLATE_NOOP("Engine", "Start a run, or open one."),
    "todo.check_disk": QT_TRANSLATE_NOOP("Engine", "Check that the folder is still there and can be read."),
    "todo.new_run": QT_TRANSLATE_NOOP("Engine", "Start a new run with the same settings."),
    "todo.resume": QT_TRANSLATE_NOOP("Engine", "Start again to go on from the last checkpoint."),
}
"""Message key to English template."""
