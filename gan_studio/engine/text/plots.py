"""What is said about plots: the marks on the axis of steps, and the tables that are written."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

PLOT_TEMPLATES: dict[str, str] = {
    "mark.knob": QT_TRANSLATE_NOOP("Engine", "{setting}: {value} from step {next} on, {before} until then."),
    "mark.target": QT_TRANSLATE_NOOP("Engine", "The run was set to finish at step {value}."),
    "mark.branch": QT_TRANSLATE_NOOP("Engine", "The run went back to step {step}: branch {branch} begins here."),
    "mark.left": QT_TRANSLATE_NOOP("Engine", "Branch {branch} began here; the curves do not follow it."),
    "mark.note": QT_TRANSLATE_NOOP("Engine", "{text}"),
    "mark.more": QT_TRANSLATE_NOOP("Engine", "{count} earlier marks are not listed."),
    "mark.branch_label": QT_TRANSLATE_NOOP("Engine", "branch {branch}"),
    "mark.note_label": QT_TRANSLATE_NOOP("Engine", "note"),
    "mark.fault_label": QT_TRANSLATE_NOOP("Engine", "fault"),
    "mark.target_label": QT_TRANSLATE_NOOP("Engine", "new end"),
    "mark.on": QT_TRANSLATE_NOOP("Engine", "on"),
    "mark.off": QT_TRANSLATE_NOOP("Engine", "off"),
    "table.not_written": QT_TRANSLATE_NOOP("Engine", "The table {path} could not be written: {error}."),
}
