"""What is said about the names of runs, and about the moments that a run can be taken up from."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

NAME_TEMPLATES: dict[str, str] = {
    "name.given": QT_TRANSLATE_NOOP("Engine", "{name}"),
    "name.one": QT_TRANSLATE_NOOP("Engine", "{data}, 1 picture"),
    "name.many": QT_TRANSLATE_NOOP("Engine", "{data}, {count} pictures"),
    "name.uncounted": QT_TRANSLATE_NOOP("Engine", "{data}"),
    "name.unknown": QT_TRANSLATE_NOOP("Engine", "Run"),
    # What the pictures of a run are called
    "data.called": QT_TRANSLATE_NOOP("Engine", "{name}"),
    "data.called_nothing": QT_TRANSLATE_NOOP("Engine", "Pictures"),
    "data.called.fashion-mnist": QT_TRANSLATE_NOOP("Engine", "Fashion-MNIST"),
    "data.called.mnist": QT_TRANSLATE_NOOP("Engine", "MNIST"),
    "data.called.emoji": QT_TRANSLATE_NOOP("Engine", "Noto emoji"),
    "data.called.cifar10": QT_TRANSLATE_NOOP("Engine", "CIFAR-10"),
    # Names that cannot be used
    "name.refused": QT_TRANSLATE_NOOP("Engine", "This name cannot be used: {reason}."),
    "name.too_long": QT_TRANSLATE_NOOP("Engine", "it has {length} characters, and at most {most} are allowed"),
    "name.nothing_seen": QT_TRANSLATE_NOOP("Engine", "nothing of it can be seen"),
    "name.not_text": QT_TRANSLATE_NOOP("Engine", "it is not a text"),
    "name.in_file_refused": QT_TRANSLATE_NOOP(
        "Engine", "The name in {path} cannot be used: {reason}. The run is called by its pictures."
    ),
    "name.in_file_cleaned": QT_TRANSLATE_NOOP(
        "Engine", "The name in {path} holds line breaks or characters that cannot be seen. It is shown without them."
    ),
    "kept.name": QT_TRANSLATE_NOOP("Engine", "Every run keeps its name."),
    "todo.name_a_run": QT_TRANSLATE_NOOP("Engine", "Choose a name of 1 to {most} characters, in one line."),
    "run.not_renamed": QT_TRANSLATE_NOOP("Engine", "The run {path} could not be renamed ({error})."),
    # The moments of a run
    "fine_tune.from_snapshot": QT_TRANSLATE_NOOP(
        "Engine",
        "Step {step} of {path} is kept as a snapshot, which holds the averaged generator (EMA) alone. G and its average"
        " start from it; D starts from random weights.",
    ),
    "fine_tune.step_alone": QT_TRANSLATE_NOOP(
        "Engine", "--fine-tune-step names a step of a run, and no run was named (--fine-tune DIR)."
    ),
    "fine_tune.branch_alone": QT_TRANSLATE_NOOP(
        "Engine", "--fine-tune-branch names the branch of a step, and no step was named (--fine-tune-step STEP)."
    ),
    "branch.nothing_kept": QT_TRANSLATE_NOOP("Engine", "Nothing was kept at step {step} of branch {branch}."),
    "fine_tune.no_run": QT_TRANSLATE_NOOP(
        "Engine", "{path} is not a run folder, so there is no step to choose: a file of weights has only one."
    ),
}
