"""What is said where a library cannot be loaded: Qt's, which the window needs, or torch's, which training needs."""

import traceback
from pathlib import Path

from gan_studio.cli.output import REFUSED, tell_error
from gan_studio.engine.text.message import Message

QT_PARTS = ("PySide6", "shiboken6", "pyqtgraph")
"""Libraries that only the window needs."""

TORCH_PARTS = ("torch", "torchvision")


def is_of_window(error: ImportError) -> bool:
    """Tell whether what cannot be imported is a library of the window, or a part of one.

    Where a part lacks a library of the system, its name stands alone and only its file tells whose it is.
    """
    places = Path(error.path).parts if error.path else ()
    return _package(error) in QT_PARTS or any(part in QT_PARTS for part in places)


def is_of_torch(error: ImportError | OSError) -> bool:
    """Tell whether torch is missing or could not load itself.

    It loads some of its libraries by name and then fails with an OSError: only where it came from tells whose it is.
    """
    if isinstance(error, ImportError) and _package(error) in TORCH_PARTS:
        return True
    raised_by = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(place.name == "__init__.py" and place.parent.name in TORCH_PARTS for place in raised_by)


def tell_no_window(error: ImportError) -> int:
    """Say in three parts what is missing and what to install; returns the exit code."""
    tell_error(Message("window.no_qt", error=error), Message("kept.nothing_begun"), Message("todo.install_qt"))
    return REFUSED


def tell_no_torch(error: ImportError | OSError) -> int:
    """Say in three parts that nothing can train and what to install; returns the exit code."""
    tell_error(Message("engine.not_loaded", error=error), Message("kept.runs"), Message("todo.install_torch"))
    return REFUSED


def _package(error: ImportError) -> str:
    return (error.name or "").partition(".")[0]
