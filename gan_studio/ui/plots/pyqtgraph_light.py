"""pyqtgraph, set up as the plots of this window need it, and loaded without what they do not.

What it would do before the window is painted (benchmarks/window_imports.py):
- one of its widgets for videos tries `from cuda.bindings import runtime`, which comes with torch for CUDA. No widget
  here uses it.
- it mirrors QtCore, QtGui and QtWidgets name by name. PySide makes a class when its name is first read: 700 of them,
  of which a window needs a quarter.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets


@contextmanager
def _left_out(module: str) -> Iterator[None]:
    """Let imports of a module fail meanwhile, as where it is not installed; one that is loaded stays."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


@contextmanager
def _mirrored_when_read(*modules: ModuleType) -> Iterator[None]:
    """Answer dir() of a module of Qt, by which pyqtgraph asks what to mirror, with nothing meanwhile.

    The mirror then asks the module for a name when it is first read.
    """
    plain = {module: vars(module).get("__dir__") for module in modules}
    for module in modules:
        module.__dir__ = partial(_show_nothing, module, dir(module))  # type: ignore[method-assign]
    try:
        yield
    finally:
        for module, own in plain.items():
            if own is None:
                del module.__dir__
            else:
                module.__dir__ = own  # type: ignore[method-assign]


def _show_nothing(module: ModuleType, names: list[str]) -> list[str]:
    mirror = sys.modules.get(module.__name__.replace("PySide6", "pyqtgraph.Qt"))
    if mirror is None:  # a pyqtgraph that does it otherwise
        return names
    mirror.__getattr__ = partial(_read, module, mirror)  # type: ignore[method-assign]
    return []


def _read(module: ModuleType, mirror: ModuleType, name: str) -> object:
    value = getattr(module, name)
    setattr(mirror, name, value)
    return value


with _left_out("cuda.bindings"), _mirrored_when_read(QtCore, QtGui, QtWidgets):
    import pyqtgraph as pg

pg.setConfigOptions(imageAxisOrder="row-major", useOpenGL=False, antialias=False)

__all__ = ["pg"]
