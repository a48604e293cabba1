"""English templates of what is said about set-ups, presets of the user and questions before a start."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

SETUP_TEMPLATES: dict[str, str] = {
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
}
"""Message key to English template."""
