"""The engine's texts in the language of the window."""

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.messages import Message


def translate(message: Message) -> str:
    """Return the text of an engine message in the language of the application."""
    return message.fill(QCoreApplication.translate("Engine", message.template))
