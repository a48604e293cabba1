"""Speed up imports, so that the window opens and commands start quickly."""

import builtins
import contextlib
import gc
import sys
from collections.abc import Iterator


def begin() -> None:
    """Load Qt, remove PySide's hook from later imports, and stop garbage collection until `end`.

    The hook reads the source of every module that is imported after PySide, including torch's thousand, and keeps it in
    memory (https://github.com/napari/napari/issues/8584). It looks for modules that use a `__feature__` of PySide,
    such as snake_case names of Qt's methods. No module here does, and modules that PySide does not know get Qt's own
    names. The part of PySide that finds Qt's classes on import stays.

    Garbage collection would find nothing: what is imported stays in use.

    Raises:
        ImportError: Qt is missing or broken.
    """
    gc.disable()
    if sys.platform == "win32":  # torch >= 2.9 cannot be loaded after Qt (pytorch/pytorch, issue 169429)
        with contextlib.suppress(ImportError, OSError):  # the window reports it later
            import torch  # noqa: F401
    import PySide6.QtCore  # noqa: F401

    if builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = builtins.__orig_import__  # type: ignore[attr-defined]


@contextlib.contextmanager
def imports() -> Iterator[None]:
    """Stop garbage collection while torch and what needs it are imported."""
    if "torch" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        end()


def end() -> None:
    """Start garbage collection again, for objects created from now on.

    What has been loaded so far stays in use. Each collection would search all of it, and block every thread meanwhile.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
