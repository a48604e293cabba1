"""How the program is loaded, so that the window opens and a command begins soon."""

import builtins
import contextlib
import gc
import sys
from collections.abc import Iterator


def begin() -> None:
    """Load Qt, take its look at every import off, and collect no garbage until `end`.

    PySide reads the source of every module that is imported after it, torch's thousand included, to learn whether it
    mentions PySide6, in case one of them asks for a `__feature__` (names_like_this for Qt's). Nothing here does, and a
    module of which PySide knows nothing gets Qt's own names. What was read would stay in memory
    (https://github.com/napari/napari/issues/8584 found it as well). What finds Qt's classes at an import stays.

    Nothing that is imported becomes garbage.

    Raises:
        ImportError: Qt is missing or broken.
    """
    gc.disable()
    if sys.platform == "win32":  # once Qt is loaded, torch >= 2.9 no longer can be (pytorch/pytorch, issue 169429)
        with contextlib.suppress(ImportError, OSError):  # told in the window
            import torch  # noqa: F401
    import PySide6.QtCore  # noqa: F401

    if builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = builtins.__orig_import__  # type: ignore[attr-defined]


@contextlib.contextmanager
def imports() -> Iterator[None]:
    """Import torch and what needs it without looking for garbage meanwhile."""
    if "torch" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        end()


def end() -> None:
    """Collect what becomes garbage from now on.

    What has been loaded stays as long as the program: looking through all of it would hold every thread.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
