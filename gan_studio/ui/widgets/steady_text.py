"""Texts that change many times a minute, without asking the window to lay itself out each time."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel

_NO_LIMIT = QSize(2**24 - 1, 2**24 - 1)
"""Qt's own largest size of a widget."""


def show_steadily(label: QLabel, text: str) -> None:
    """Show another text; the label keeps the room that it once needed, and only asks for more.

    A label of fixed size is not looked at by the layouts above it; any other new text asks all of them.
    """
    if label.text() != text:
        label.setText(text)
        label.setFixedSize(label.sizeHint().expandedTo(label.minimumSize()))


def forget_room(label: QLabel) -> None:
    """Let a label need less room than before: its language or font is another."""
    label.setMinimumSize(0, 0)
    label.setMaximumSize(_NO_LIMIT)
