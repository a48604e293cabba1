"""English templates of what the engine says about faults of disk, machine and arithmetic, and about going back."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

FAULT_TEMPLATES: dict[str, str] = {
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
}
"""Message key to English template."""
