"""Errors for what cannot be loaded: Qt and a display, which the window needs, and torch, which training needs."""

import traceback
from pathlib import Path

from gan_studio.cli.output import BUG, REFUSED, allow_any_text, tell_error
from gan_studio.engine.text.message import EngineError, Message

QT_PARTS = ("PySide6", "shiboken6", "pyqtgraph")
"""Packages that only the window needs."""

TORCH_PARTS = ("torch", "torchvision")


def is_of_window(error: ImportError) -> bool:
    """Tell whether a package of the window, or a part of one, cannot be imported.

    If a part lacks a system library, the error names only the part, and its file tells which package it belongs to.
    """
    places = Path(error.path).parts if error.path else ()
    return _package(error) in QT_PARTS or any(part in QT_PARTS for part in places)


def is_of_torch(error: ImportError | OSError) -> bool:
    """Tell whether torch is missing or failed to load.

    Torch loads some of its libraries by name. These fail with an OSError that only its traceback links to torch.
    """
    if isinstance(error, ImportError) and _package(error) in TORCH_PARTS:
        return True
    raised_by = [Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(place.name == "__init__.py" and place.parent.name in TORCH_PARTS for place in raised_by)


def tell_no_window(error: ImportError) -> int:
    """Print that the window cannot be opened and what to install; returns the exit code."""
    tell_error(Message("window.no_qt", error=error), Message("kept.nothing_begun"), Message("todo.install_qt"))
    return REFUSED


def tell_no_display(error: EngineError) -> int:
    """Print why no window can be opened here; returns the exit code of a machine that lacks something."""
    allow_any_text()
    tell_error(error.happened, error.kept, error.todo)
    return BUG


def tell_no_torch(error: ImportError | OSError) -> int:
    """Print that nothing can train and what to install; returns the exit code."""
    tell_error(Message("engine.not_loaded", error=error), Message("kept.runs"), Message("todo.install_torch"))
    return REFUSED


def _package(error: ImportError) -> str:
    return (error.name or "").partition(".")[0]
