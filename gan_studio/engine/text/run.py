"""What is said about runs: starting, going on, going back, saving; faults of the disk, the machine and the program."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

RUN_TEMPLATES: dict[str, str] = {
    "number": QT_TRANSLATE_NOOP("Engine", "{value}"),
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
    # The disk
    "save.failed": QT_TRANSLATE_NOOP(
        "Engine", "Saving into {folder} failed: {error}. It needs {needed} MiB, and {free} MiB are free."
    ),
    "save.folder_gone": QT_TRANSLATE_NOOP("Engine", "The run folder {folder} is gone, so nothing can be saved."),
    "save.log_failed": QT_TRANSLATE_NOOP(
        "Engine", "run.sqlite could not be written ({error}). The figures wait in memory, and training goes on."
    ),
    "log.put_aside": QT_TRANSLATE_NOOP(
        "Engine", "{path} is damaged ({error}) and was put aside as {aside}: earlier figures are not shown any more."
    ),
    "log.not_shown": QT_TRANSLATE_NOOP(
        "Engine", "{path} is damaged ({error}), so the run is shown without its figures. Its checkpoints are whole."
    ),
    # Who writes
    "run.locked": QT_TRANSLATE_NOOP("Engine", "The run {path} is being trained by another program: {writer}."),
    "run.writer": QT_TRANSLATE_NOOP("Engine", "process {process} on {host}, since {since}"),
    "run.link": QT_TRANSLATE_NOOP("Engine", "{path} is a symbolic link; training does not write through links."),
    "checkpoint.not_finite": QT_TRANSLATE_NOOP("Engine", "it holds NaN or infinity."),
    "run.thread_ended": QT_TRANSLATE_NOOP("Engine", "Training ended without a word."),
    "branch.refused": QT_TRANSLATE_NOOP("Engine", "the disk refuses its first checkpoint"),
    # Going back
    "branch.not_logged": QT_TRANSLATE_NOOP("Engine", "No branch could be begun: {reason}."),
    "branch.not_begun": QT_TRANSLATE_NOOP("Engine", "The run did not go back to step {step}: {reason}"),
    # NaN and infinity
    "fault.met": QT_TRANSLATE_NOOP("Engine", "Step {step} met NaN or infinity, first in {place}."),
    "fault.d_real": QT_TRANSLATE_NOOP("Engine", "D's opinion of the real pictures"),
    "fault.d_fake_before": QT_TRANSLATE_NOOP("Engine", "G's pictures or D's opinion of them"),
    "fault.loss_d": QT_TRANSLATE_NOOP("Engine", "the loss of D"),
    "fault.grad_norm_d": QT_TRANSLATE_NOOP("Engine", "the gradient of D ({layer})"),
    "fault.d_fake_after": QT_TRANSLATE_NOOP("Engine", "D's opinion of G's pictures after its own update"),
    "fault.loss_g": QT_TRANSLATE_NOOP("Engine", "the loss of G"),
    "fault.grad_norm_g": QT_TRANSLATE_NOOP("Engine", "the gradient of G ({layer})"),
    "fault.statistics": QT_TRANSLATE_NOOP("Engine", "the weights or the statistics of batch norm themselves"),
    # Memory and devices
    "memory.out": QT_TRANSLATE_NOOP("Engine", "There was not enough memory for a step."),
    "memory.out_by": QT_TRANSLATE_NOOP("Engine", "There was not enough memory for a step: {size} more were asked for."),
    "device.lost": QT_TRANSLATE_NOOP("Engine", "The device failed and cannot be used again by this program: {error}."),
    "device.capture_refused": QT_TRANSLATE_NOOP(
        "Engine",
        "The device could not record a whole step ({error}). The run goes on with the same results, only slower;"
        " turn off Captured step in a new run to be spared this.",
    ),
    "device.capture_short": QT_TRANSLATE_NOOP(
        "Engine",
        "The device has too little memory left to record a whole step. The run goes on with the same results, only"
        " slower; a smaller batch is recorded again.",
    ),
    "device.lost_before": QT_TRANSLATE_NOOP("Engine", "{device} failed earlier in this program."),
    "kept.good_checkpoint": QT_TRANSLATE_NOOP("Engine", "The run is as it was at step {step}, in {folder}."),
    "kept.checkpoints": QT_TRANSLATE_NOOP("Engine", "Everything up to the last checkpoint is on the disk."),
    "explore.broke": QT_TRANSLATE_NOOP("Engine", "Exploring met a fault: {error}."),
    # What to do
    "todo.see_log": QT_TRANSLATE_NOOP("Engine", "Start again; Help > Create report says more."),
    "todo.resume_slower": QT_TRANSLATE_NOOP("Engine", "Resume with back_to={step} and smaller learning rates."),
    "todo.half_rate": QT_TRANSLATE_NOOP(
        "Engine", "Go on with half the rates (gan-studio resume {folder} --back-to {step} {knobs})."
    ),
    "todo.half_batch": QT_TRANSLATE_NOOP(
        "Engine", "Go on with half the batch, or with a smaller size or width in a new run."
    ),
    "todo.go_on_with_cpu": QT_TRANSLATE_NOOP(
        "Engine", "Go on from the last checkpoint on the CPU, or start GAN Studio again to use the device."
    ),
    "todo.restart_or_cpu": QT_TRANSLATE_NOOP("Engine", "Start GAN Studio again, or choose the CPU."),
    "engine.not_loaded": QT_TRANSLATE_NOOP("Engine", "PyTorch could not be loaded, so nothing can train ({error})."),
    "kept.runs": QT_TRANSLATE_NOOP("Engine", "Every run is as it was, and can still be opened and looked at."),
    "todo.install_torch": QT_TRANSLATE_NOOP(
        "Engine", "Install torch and torchvision again; gan-studio doctor says what is there."
    ),
    "todo.remove_link": QT_TRANSLATE_NOOP("Engine", "Put the folder or file itself in the place of the link."),
    "program.fault": QT_TRANSLATE_NOOP("Engine", "The program made a mistake: {summary}"),
    "program.crashed": QT_TRANSLATE_NOOP("Engine", "GAN Studio ended unexpectedly, at about {ended}. No run was open."),
    "program.crashed_with_run": QT_TRANSLATE_NOOP(
        "Engine", "GAN Studio ended unexpectedly, at about {ended}, while the run {name} was open."
    ),
    "program.trace": QT_TRANSLATE_NOOP("Engine", "The last thing it wrote: {lines}"),
    "program.no_trace": QT_TRANSLATE_NOOP(
        "Engine", "It left no trace: it was ended from outside, for want of memory, or the computer went down."
    ),
    "report.not_written": QT_TRANSLATE_NOOP("Engine", "The report {path} could not be written ({error})."),
    "kept.program_goes_on": QT_TRANSLATE_NOOP("Engine", "The window stays open, and a run at work goes on."),
    "kept.nothing_open": QT_TRANSLATE_NOOP("Engine", "No run was open, so none has lost anything."),
    "todo.create_report": QT_TRANSLATE_NOOP(
        "Engine", "If it comes again: Help > Create report writes down what is needed to mend it."
    ),
}
