"""What is said about runs: starting, resuming, going back, saving; and about devices, Explore and the program."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

RUN_TEMPLATES: dict[str, str] = {
    "number": QT_TRANSLATE_NOOP("Engine", "{value}"),
    # Settings
    "config.refused": QT_TRANSLATE_NOOP("Engine", "The settings in {path} were refused: {reason}"),
    "config.unknown_field": QT_TRANSLATE_NOOP("Engine", "there is no setting {name}; the nearest is {nearest}."),
    "config.bad_value": QT_TRANSLATE_NOOP("Engine", "{name} = {value}: {reason}."),
    "config.needs_one_of": QT_TRANSLATE_NOOP("Engine", "it must be one of {values}"),
    "config.needs_whole": QT_TRANSLATE_NOOP("Engine", "it must be a whole number"),
    "config.needs_number": QT_TRANSLATE_NOOP("Engine", "it must be a number"),
    "config.needs_at_least": QT_TRANSLATE_NOOP("Engine", "it must be {limit} or more"),
    "config.needs_more_than": QT_TRANSLATE_NOOP("Engine", "it must be more than {limit}"),
    "config.needs_at_most": QT_TRANSLATE_NOOP("Engine", "it must be {limit} or less"),
    "config.needs_less_than": QT_TRANSLATE_NOOP("Engine", "it must be less than {limit}"),
    "config.needs_finite": QT_TRANSLATE_NOOP("Engine", "it must be a finite number"),
    "config.needs_text": QT_TRANSLATE_NOOP("Engine", "it must be a text"),
    "config.needs_something": QT_TRANSLATE_NOOP("Engine", "it must not be empty"),
    "config.needs_fewer": QT_TRANSLATE_NOOP("Engine", "it must have at most {limit} characters"),
    "config.needs_device": QT_TRANSLATE_NOOP("Engine", "it must be auto, cpu, cuda or cuda:N, such as cuda:0"),
    "config.needs_colour": QT_TRANSLATE_NOOP("Engine", "it must be a colour as #rrggbb, such as #ffffff"),
    "config.other_fault": QT_TRANSLATE_NOOP("Engine", "{reason}"),
    "config.no_such_knob": QT_TRANSLATE_NOOP(
        "Engine", "there is no live setting called {name}; the live settings are {names}."
    ),
    "toml.too_large": QT_TRANSLATE_NOOP("Engine", "the file is larger than {most}."),
    "toml.syntax": QT_TRANSLATE_NOOP("Engine", "it is not valid TOML: {error}."),
    "preset.missing": QT_TRANSLATE_NOOP("Engine", "There is no preset called {name}."),
    "knob.refused": QT_TRANSLATE_NOOP("Engine", "{name} = {value} is outside its limits and was not set."),
    "knob.not_logged": QT_TRANSLATE_NOOP(
        "Engine", "{name} was not changed, because the change could not be logged ({error})."
    ),
    "todo.choose_preset": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.mend_file": QT_TRANSLATE_NOOP("Engine", "Correct the file and try again."),
    "todo.see_help": QT_TRANSLATE_NOOP("Engine", "gan-studio COMMAND --help lists what is possible."),
    # Starting
    "kept.nothing_begun": QT_TRANSLATE_NOOP("Engine", "Nothing was started, so nothing is lost."),
    "todo.choose_folder": QT_TRANSLATE_NOOP("Engine", "Choose a folder that exists."),
    "todo.put_pictures": QT_TRANSLATE_NOOP("Engine", "Choose a folder with pictures in it or in its subfolders."),
    "todo.accept_left_out": QT_TRANSLATE_NOOP(
        "Engine", "Repair or remove them, or start without them (gan-studio train --accept bad-pictures)."
    ),
    "todo.label_pictures": QT_TRANSLATE_NOOP(
        "Engine",
        "Put the pictures of each class into a folder of its own, with no pictures beside these folders, or turn off"
        " Class-conditional.",
    ),
    # Fine-tuning
    "fine_tune.no_origin": QT_TRANSLATE_NOOP("Engine", "{path} is neither a run folder nor a .safetensors file."),
    "fine_tune.nothing_fits": QT_TRANSLATE_NOOP("Engine", "None of the generator weights in {path} fit this set-up."),
    "fine_tune.all_taken": QT_TRANSLATE_NOOP("Engine", "Fine-tuning from {path}: all {taken} tensors were loaded."),
    "fine_tune.some_taken": QT_TRANSLATE_NOOP(
        "Engine", "Fine-tuning from {path}: {taken} tensors were loaded, {fresh} start from scratch ({names})."
    ),
    "todo.same_model": QT_TRANSLATE_NOOP(
        "Engine", "Use the model settings of the earlier run: picture size, width, latent size."
    ),
    "todo.choose_origin": QT_TRANSLATE_NOOP("Engine", "Choose a run folder or a .safetensors file."),
    # The run folder
    "run.missing": QT_TRANSLATE_NOOP("Engine", "{path} does not hold a run."),
    "run.exists": QT_TRANSLATE_NOOP("Engine", "{path} already holds a run."),
    "run.other_format": QT_TRANSLATE_NOOP(
        "Engine", "The run {path} has format {version}; this program reads format {known}."
    ),
    "run.not_writable": QT_TRANSLATE_NOOP("Engine", "The run folder {path} cannot be written: {error}."),
    "run.not_readable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be looked into: {error}."),
    "run.path_too_long": QT_TRANSLATE_NOOP(
        "Engine",
        "The path of the run folder {path} is too long: SQLite, which keeps the metrics, allows {most} bytes.",
    ),
    "run.file_in_way": QT_TRANSLATE_NOOP(
        "Engine", "The run folder {path} cannot be created, because {file} is not a folder."
    ),
    "run.damaged": QT_TRANSLATE_NOOP("Engine", "{path} is damaged: parts that every run has are missing."),
    "run.link": QT_TRANSLATE_NOOP("Engine", "{path} is a symbolic link; training does not write through links."),
    "run.locked": QT_TRANSLATE_NOOP("Engine", "The run {path} is being trained by another program: {writer}."),
    "run.writer": QT_TRANSLATE_NOOP("Engine", "process {process} on {host}, since {since}"),
    "open.busy": QT_TRANSLATE_NOOP("Engine", "Another run cannot be opened while this one is training."),
    "read.failed": QT_TRANSLATE_NOOP("Engine", "Reading failed ({error})."),
    "kept.file_untouched": QT_TRANSLATE_NOOP("Engine", "Nothing was changed."),
    "kept.training_goes_on": QT_TRANSLATE_NOOP("Engine", "Training goes on."),
    "todo.choose_run": QT_TRANSLATE_NOOP("Engine", "Choose a folder that holds run.toml and checkpoints."),
    "todo.resume_or_other": QT_TRANSLATE_NOOP("Engine", "Resume it (gan-studio resume), or name another folder."),
    "todo.other_folder": QT_TRANSLATE_NOOP("Engine", "Choose a folder that you can write to."),
    "todo.shorter_path": QT_TRANSLATE_NOOP("Engine", "Choose a folder with a shorter path."),
    "todo.newer_program": QT_TRANSLATE_NOOP("Engine", "Open it with the version of GAN Studio that wrote it."),
    "todo.remove_link": QT_TRANSLATE_NOOP("Engine", "Replace the link with the folder or file that it points to."),
    "todo.end_other": QT_TRANSLATE_NOOP(
        "Engine", "Stop training there first, or open the run here only to look at it."
    ),
    "todo.stop_first": QT_TRANSLATE_NOOP("Engine", "Stop this run first; you can resume it at any time."),
    "todo.check_disk": QT_TRANSLATE_NOOP("Engine", "Check that the folder is still there and can be used."),
    # Resuming and going back
    "run.no_checkpoint": QT_TRANSLATE_NOOP("Engine", "The run {path} has no checkpoint that can be used. {reason}"),
    "run.not_exact": QT_TRANSLATE_NOOP(
        "Engine", "Not bit-exact since step {step}, because these have changed: {reasons}."
    ),
    "run.target_behind": QT_TRANSLATE_NOOP(
        "Engine", "The run cannot stop at step {steps}: it is already at step {step}."
    ),
    "todo.target_ahead": QT_TRANSLATE_NOOP(
        "Engine", "Name a later step, or go back first (gan-studio resume DIR --back-to STEP)."
    ),
    "run.broke": QT_TRANSLATE_NOOP("Engine", "Training failed at step {step}: {error}."),
    "run.thread_ended": QT_TRANSLATE_NOOP("Engine", "Training ended without giving a reason."),
    "branch.no_such_step": QT_TRANSLATE_NOOP("Engine", "Branch {branch} has no checkpoint of step {step}."),
    "todo.choose_branch_step": QT_TRANSLATE_NOOP(
        "Engine", "Choose one of its steps ({steps}), or another branch; gan-studio history DIR lists them."
    ),
    "branch.no_steps": QT_TRANSLATE_NOOP("Engine", "it has none"),
    "branch.refused": QT_TRANSLATE_NOOP("Engine", "its first checkpoint could not be written"),
    "branch.not_logged": QT_TRANSLATE_NOOP("Engine", "No branch could be started: {reason}."),
    "branch.not_begun": QT_TRANSLATE_NOOP("Engine", "The run did not go back to step {step}: {reason}"),
    "kept.run_folder": QT_TRANSLATE_NOOP("Engine", "Everything up to the last checkpoint is in {folder}."),
    "kept.checkpoints": QT_TRANSLATE_NOOP("Engine", "Everything up to the last checkpoint is saved."),
    "todo.accept_pictures": QT_TRANSLATE_NOOP(
        "Engine",
        "Put the original pictures back, name their place (--data PLACE), or go on with the new ones (gan-studio resume"
        " DIR --accept other-pictures).",
    ),
    "todo.new_run": QT_TRANSLATE_NOOP("Engine", "Start a new run with the same settings."),
    "todo.resume": QT_TRANSLATE_NOOP("Engine", "Resume the run from its last checkpoint."),
    "todo.see_log": QT_TRANSLATE_NOOP(
        "Engine", "Resume the run. If it happens again, Help > Create report collects what is known about it."
    ),
    # Checkpoint and snapshot files
    "file.unusable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be used: {reason}"),
    "file.unreadable": QT_TRANSLATE_NOOP("Engine", "it cannot be read ({error})."),
    "file.too_large": QT_TRANSLATE_NOOP("Engine", "it is larger than {most}."),
    "file.cut_short": QT_TRANSLATE_NOOP("Engine", "it was cut short, or something was added to it."),
    "file.bad_header": QT_TRANSLATE_NOOP("Engine", "its header is damaged."),
    "file.wrong_hash": QT_TRANSLATE_NOOP("Engine", "its content does not match its SHA-256."),
    "file.other_tensors": QT_TRANSLATE_NOOP(
        "Engine", "its tensors are not those of this set-up (first difference: {difference})."
    ),
    "checkpoint.other_config": QT_TRANSLATE_NOOP("Engine", "it belongs to a run with other settings."),
    "checkpoint.other_kind": QT_TRANSLATE_NOOP("Engine", "it is not a {kind} of format {version}."),
    "checkpoint.not_finite": QT_TRANSLATE_NOOP("Engine", "it holds NaN or infinity."),
    "checkpoint.skipped": QT_TRANSLATE_NOOP("Engine", "A newer checkpoint was skipped. {reason}"),
    "todo.other_file": QT_TRANSLATE_NOOP("Engine", "Choose another file, or an older checkpoint of the run."),
    # Saving
    "save.failed": QT_TRANSLATE_NOOP(
        "Engine", "Saving to {folder} failed: {error}. It needs {needed}, and {free} are free."
    ),
    "save.folder_gone": QT_TRANSLATE_NOOP("Engine", "The run folder {folder} is gone, so nothing can be saved."),
    "save.log_failed": QT_TRANSLATE_NOOP(
        "Engine", "run.sqlite could not be written ({error}). The metrics wait in memory, and training goes on."
    ),
    "log.put_aside": QT_TRANSLATE_NOOP(
        "Engine", "{path} is damaged ({error}). It was renamed to {aside}, and its metrics are no longer shown."
    ),
    "log.not_shown": QT_TRANSLATE_NOOP(
        "Engine",
        "{path} is damaged ({error}), so the run is shown without its metrics. Its checkpoints are not affected.",
    ),
    # NaN and infinity
    "fault.met": QT_TRANSLATE_NOOP("Engine", "NaN or infinity appeared at step {step}, first in {place}."),
    "fault.d_real": QT_TRANSLATE_NOOP("Engine", "D's output for real pictures"),
    "fault.d_fake_before": QT_TRANSLATE_NOOP("Engine", "G's pictures or D's output for them"),
    "fault.loss_d": QT_TRANSLATE_NOOP("Engine", "the loss of D"),
    "fault.grad_norm_d": QT_TRANSLATE_NOOP("Engine", "the gradient of D ({layer})"),
    "fault.d_fake_after": QT_TRANSLATE_NOOP("Engine", "D's output for G's pictures after D's update"),
    "fault.loss_g": QT_TRANSLATE_NOOP("Engine", "the loss of G"),
    "fault.grad_norm_g": QT_TRANSLATE_NOOP("Engine", "the gradient of G ({layer})"),
    "fault.statistics": QT_TRANSLATE_NOOP("Engine", "the weights or the statistics of batch norm"),
    "kept.good_checkpoint": QT_TRANSLATE_NOOP("Engine", "The run is kept as it was at step {step}, in {folder}."),
    "todo.resume_slower": QT_TRANSLATE_NOOP("Engine", "Resume with back_to={step} and smaller learning rates."),
    "todo.half_rate": QT_TRANSLATE_NOOP(
        "Engine", "Go on with half the learning rates (gan-studio resume {folder} --back-to {step} {knobs})."
    ),
    # Reading D's output
    "output.same": QT_TRANSLATE_NOOP(
        "Engine",
        "D gives real and generated pictures nearly the same answer: {real} and {fake} on average over the last {count} steps,"
        " {distance} apart step by step. Such a D teaches G nothing.",
    ),
    "output.scores": QT_TRANSLATE_NOOP(
        "Engine", "Raw scores, on average over the last {count} steps: real {real}, generated {fake}."
    ),
    "output.swings": QT_TRANSLATE_NOOP(
        "Engine",
        "D's output swings from step to step: over the last {count} steps real pictures got {real_low} to {real_high},"
        " generated ones {fake_low} to {fake_high}.",
    ),
    "output.nearly_sure": QT_TRANSLATE_NOOP(
        "Engine",
        "D is nearly sure which are real: over the last {count} steps real pictures got {real} on average, generated"
        " ones {fake}.",
    ),
    "output.apart": QT_TRANSLATE_NOOP(
        "Engine",
        "D tells them apart, but is not sure: over the last {count} steps real pictures got {real} on average,"
        " generated ones {fake}.",
    ),
    "output.hardly": QT_TRANSLATE_NOOP(
        "Engine",
        "D hardly tells them apart: over the last {count} steps real pictures got {real} on average, generated ones"
        " {fake}.",
    ),
    "output.inverted": QT_TRANSLATE_NOOP(
        "Engine",
        "D finds generated pictures more real than real ones: over the last {count} steps real ones got {real} on"
        " average, generated ones {fake}.",
    ),
    "output.before": QT_TRANSLATE_NOOP("Engine", "In the {count} steps before: {real} and {fake}."),
    "output.trend": QT_TRANSLATE_NOOP("Engine", "{now} {before}"),
    # Memory and devices
    "memory.out": QT_TRANSLATE_NOOP("Engine", "There was not enough memory for a step."),
    "memory.out_by": QT_TRANSLATE_NOOP("Engine", "There was not enough memory for a step: {size} more were needed."),
    "device.missing": QT_TRANSLATE_NOOP("Engine", "The device {device} is not available on this machine."),
    "device.unusable": QT_TRANSLATE_NOOP("Engine", "{device} is there, but it cannot be used ({error})."),
    "device.not_listed": QT_TRANSLATE_NOOP("Engine", "The graphics devices could not be listed ({error})."),
    "kept.other_devices": QT_TRANSLATE_NOOP("Engine", "The other devices and the CPU can train."),
    "todo.look_again": QT_TRANSLATE_NOOP(
        "Engine", "Check the driver (nvidia-smi shows its state), then look again, or restart GAN Studio."
    ),
    "device.lost": QT_TRANSLATE_NOOP(
        "Engine", "The device failed and cannot be used until GAN Studio is restarted: {error}."
    ),
    "device.lost_before": QT_TRANSLATE_NOOP(
        "Engine", "{device} failed earlier and cannot be used until GAN Studio is restarted."
    ),
    "device.capture_refused": QT_TRANSLATE_NOOP(
        "Engine",
        "The training step could not be captured ({error}). The run goes on with the same results, but slower. To"
        " avoid this notice, turn off Captured step in a new run.",
    ),
    "device.capture_short": QT_TRANSLATE_NOOP(
        "Engine",
        "The device has too little memory left to capture the training step. The run goes on with the same results,"
        " but slower. With a smaller batch size, capturing is tried again.",
    ),
    "engine.not_loaded": QT_TRANSLATE_NOOP("Engine", "PyTorch could not be loaded, so nothing can train ({error})."),
    "kept.runs": QT_TRANSLATE_NOOP("Engine", "No run was changed, and every run can still be opened and looked at."),
    "todo.choose_cpu": QT_TRANSLATE_NOOP("Engine", "Choose another device, or the CPU."),
    "todo.half_batch": QT_TRANSLATE_NOOP(
        "Engine", "Go on with half the batch size, or start a new run with a smaller picture size or width."
    ),
    "todo.go_on_with_cpu": QT_TRANSLATE_NOOP(
        "Engine", "Go on from the last checkpoint on the CPU, or restart GAN Studio to use the device again."
    ),
    "todo.restart_or_cpu": QT_TRANSLATE_NOOP("Engine", "Restart GAN Studio, or choose the CPU."),
    "todo.install_torch": QT_TRANSLATE_NOOP(
        "Engine", "Reinstall torch and torchvision; gan-studio doctor lists what is installed."
    ),
    # Samples and Explore
    "sample.bad_count": QT_TRANSLATE_NOOP("Engine", "{count} pictures from seed {seed} cannot be drawn."),
    "sample.no_such_class": QT_TRANSLATE_NOOP("Engine", "The run has no class called {name}."),
    "sample.no_such_step": QT_TRANSLATE_NOOP("Engine", "Nothing was kept at step {checkpoint}."),
    "sample.other_kind": QT_TRANSLATE_NOOP(
        "Engine", "Samples cannot be written as {suffix}: name a .png or .npz file, or a folder without an ending."
    ),
    "sample.no_checkpoint_called": QT_TRANSLATE_NOOP("Engine", "There is no checkpoint called {name}."),
    "todo.name_checkpoint": QT_TRANSLATE_NOOP("Engine", "Write last, or a step that gan-studio history DIR lists."),
    "sample.not_written": QT_TRANSLATE_NOOP("Engine", "{path} could not be written ({error})."),
    "explore.no_model": QT_TRANSLATE_NOOP("Engine", "There is no generator to draw with yet."),
    "explore.other_model": QT_TRANSLATE_NOOP("Engine", "The generator does not fit this run: {error}"),
    "explore.broke": QT_TRANSLATE_NOOP("Engine", "Explore ran into an error: {error}."),
    "todo.choose_class": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.choose_step": QT_TRANSLATE_NOOP("Engine", "Choose last, or one of these steps: {steps}."),
    "todo.wait_or_open": QT_TRANSLATE_NOOP("Engine", "Start a run, or open one."),
    # The program itself
    "program.fault": QT_TRANSLATE_NOOP("Engine", "GAN Studio ran into an internal error: {summary}"),
    "program.crashed": QT_TRANSLATE_NOOP("Engine", "GAN Studio ended unexpectedly, at about {ended}. No run was open."),
    "program.crashed_with_run": QT_TRANSLATE_NOOP(
        "Engine", "GAN Studio ended unexpectedly, at about {ended}, while the run {name} was open."
    ),
    "program.trace": QT_TRANSLATE_NOOP("Engine", "Its error trace begins: {lines}"),
    "program.no_trace": QT_TRANSLATE_NOOP(
        "Engine",
        "It left no error trace: another program or the system ended it (as when memory runs out), or the computer"
        " went down.",
    ),
    "report.not_written": QT_TRANSLATE_NOOP("Engine", "The report {path} could not be written ({error})."),
    "kept.program_goes_on": QT_TRANSLATE_NOOP("Engine", "The window stays open, and a run that is training goes on."),
    "kept.nothing_open": QT_TRANSLATE_NOOP("Engine", "No run was open, so nothing is lost."),
    "todo.create_report": QT_TRANSLATE_NOOP(
        "Engine", "If it happens again, Help > Create report collects what is needed to fix it."
    ),
}
