"""Startup: the window opens soon, because what nobody asked for is left out while it loads."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

IMPORTS = """
import gc, linecache
from gan_studio import startup

startup.begin()
print(gc.isenabled())
import gan_studio.ui.main_window
import gan_studio.engine.training.job
print([name for name in linecache.cache if "pyqtgraph" in name])
startup.end()
held = gc.get_freeze_count()
print(gc.isenabled(), held > 100_000)
kept = [[] for _ in range(1000)]
startup.end()
with startup.imports():  # torch is loaded already
    print(gc.isenabled())
print(gc.get_freeze_count() == held)
"""

WINDOWS = """
import sys, types
from gan_studio import startup

sys.path.insert(0, sys.argv[1])
startup.sys = types.SimpleNamespace(platform="win32")
startup.begin()
print("PySide6.QtCore" in sys.modules)
"""

CLASSES = """
import PySide6.QtWidgets
from gan_studio.ui.plots.pyqtgraph_light import pg

print("QCalendarWidget" in vars(PySide6.QtWidgets), "QCalendarWidget" in vars(pg.QtWidgets))
print(pg.QtWidgets.QCalendarWidget is PySide6.QtWidgets.QCalendarWidget, "QCalendarWidget" in vars(pg.QtWidgets))
print("QCalendarWidget" in dir(PySide6.QtWidgets), "QDial" in dir(PySide6.QtWidgets), "QDial" in vars(pg.QtWidgets))
"""


def output(program: str, *arguments: str) -> list[str]:
    """Run a program in a process of its own; returns what it printed, by lines."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.splitlines()


def test_that_qt_does_not_read_the_source_of_what_is_imported_and_garbage_waits_until_all_is_loaded() -> None:
    """A fresh process, because imports happen once."""
    assert output(IMPORTS) == ["False", "[]", "True True", "True", "True"]


def test_that_torch_is_loaded_before_qt_on_windows(tmp_path: Path) -> None:
    """A fresh process, because imports happen once."""
    (tmp_path / "torch.py").write_text("import sys\nprint('torch', 'PySide6' in sys.modules)\n", encoding="utf-8")
    assert output(WINDOWS, str(tmp_path)) == ["torch False", "True"]


def test_that_a_broken_torch_does_not_keep_the_window_from_opening_on_windows(tmp_path: Path) -> None:
    """A fresh process, because imports happen once."""
    (tmp_path / "torch.py").write_text("raise OSError('c10.dll')\n", encoding="utf-8")
    assert output(WINDOWS, str(tmp_path)) == ["True"]


def test_that_plots_make_no_class_of_qt_that_nobody_uses() -> None:
    """A fresh process, because this one has used Qt."""
    assert output(CLASSES) == ["False False", "True True", "True True False"]
