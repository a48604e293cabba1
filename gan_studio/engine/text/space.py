"""English templates of what the engine says about the room that a run takes."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

SPACE_TEMPLATES: dict[str, str] = {
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
"""Message key to English template."""
