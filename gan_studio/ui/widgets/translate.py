"""The engine's texts in the language of the window."""

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.text.message import Message


def translate(message: Message) -> str:
    """Return the text of an engine message, and of the messages inside it, in the language of the application."""
    values = {name: translate(value) if isinstance(value, Message) else value for name, value in message.values}
    return Message(message.key, **values).fill(QCoreApplication.translate("Engine", message.template))
