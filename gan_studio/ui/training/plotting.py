"""pyqtgraph, set up as the plots of this window need it, and without what they do not.

One of its widgets for videos tries `from cuda.bindings import runtime`, which comes with torch for CUDA. No widget here
uses it, and it took a tenth of all imports before the window is painted (benchmarks/window_imports.py).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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


with _left_out("cuda.bindings"):
    import pyqtgraph as pg

pg.setConfigOptions(imageAxisOrder="row-major", useOpenGL=False, antialias=False)

__all__ = ["pg"]
