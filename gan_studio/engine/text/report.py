"""English templates of what is said about faults of the program itself, about crashes and about reports."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

REPORT_TEMPLATES: dict[str, str] = {
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
"""Message key to English template."""
