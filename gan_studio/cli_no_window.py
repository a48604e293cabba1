"""What is said where the window was asked for and Qt cannot be loaded."""

from pathlib import Path

from gan_studio.cli_output import REFUSED, tell_error
from gan_studio.engine.messages import Message

PARTS = ("PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy")
"""Libraries that only the window needs."""


def is_of_window(error: ImportError) -> bool:
    """Tell whether what cannot be imported is a library of the window, or a part of one.

    Where a part lacks a library of the system, its name stands alone and only its file tells whose it is.
    """
    places = Path(error.path).parts if error.path else ()
    return (error.name or "").partition(".")[0] in PARTS or any(part in PARTS for part in places)


def tell(error: ImportError) -> int:
    """Say in three parts what is missing and what to install; returns the exit code."""
    tell_error(Message("window.no_qt", error=error), Message("kept.nothing_begun"), Message("todo.install_qt"))
    return REFUSED
