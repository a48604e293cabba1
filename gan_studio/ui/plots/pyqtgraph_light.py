"""pyqtgraph, configured for the plots of the window, and loaded without the parts that delay its first painting.

A plain import does two things that take time (benchmarks/window_imports.py):
- A widget for videos tries `from cuda.bindings import runtime`, which comes with torch for CUDA. Nothing here uses it.
- pyqtgraph copies QtCore, QtGui and QtWidgets name by name. PySide makes a class when its name is first read: 700
  classes, of which a window needs a quarter.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets


@contextmanager
def _left_out(module: str) -> Iterator[None]:
    """Make imports of a module fail, as if it were not installed; a module that is already loaded stays."""
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
    """Make dir() of Qt's modules return nothing, so that pyqtgraph's mirror copies no name in advance.

    The mirror then fetches each name from Qt when it is first read.
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
    if mirror is None:  # another version of pyqtgraph copies them in another way
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
