"""Imports point one way: app -> ui -> engine and cli -> engine; the engine knows no Qt and a view no torch."""

import ast
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.architecture import (
    ENGINE,
    ENGINE_ROOMS,
    MOST_FILES,
    QT,
    QT_CROSSING,
    ROOT,
    SESSION,
    TORCH,
    UI,
    UI_ROOMS,
    Import,
    cycles,
    faults,
    imports,
    layer_of,
    loads,
    program_files,
    program_imports,
    room,
    within,
)

USES = program_imports()
HEAVY = loads({module: found for module, found in USES.items() if within(module, ENGINE)}, (*TORCH, *QT))


def loaded_by(modules: list[str], libraries: tuple[str, ...]) -> list[str]:
    """Import modules in a fresh Python and return which of the libraries that loaded."""
    program = (
        f"import importlib, sys\nfor name in {modules!r}:\n    importlib.import_module(name)\n"
        f"print(*[name for name in {libraries!r} if name in sys.modules])"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    return answer.stdout.split()


def test_that_every_import_keeps_to_its_layer():
    found = {
        f"{module}, line {used.line}": fault
        for module, uses in USES.items()
        for used in uses
        for fault in faults(module, used, HEAVY)
    }
    assert found == {}


def test_that_every_module_has_its_place_in_the_table():
    assert [module for module in USES if layer_of(module) == "gan_studio"] == ["gan_studio"]


@pytest.mark.parametrize(("layer", "rooms"), [(ENGINE, ENGINE_ROOMS), (UI, UI_ROOMS)])
def test_that_every_room_has_its_place_in_the_order(layer: str, rooms: tuple[str, ...]):
    assert {room(layer, module) for module in USES} - {None} == set(rooms)


def test_that_no_room_is_too_full_to_survey():
    counts = Counter(str(file.parent) for file in program_files().values())
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_that_every_room_says_what_is_done_there():
    rooms = [file for file in program_files().values() if file.name == "__init__.py"]
    assert [str(file) for file in rooms if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))] == []


def test_that_no_modules_import_each_other_in_a_ring():
    assert cycles(USES) == []


def test_that_the_engine_package_imports_nothing():
    tree = ast.parse(program_files()[ENGINE].read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node in tree.body[1:]] == []


def test_that_the_engine_runs_where_there_is_no_qt():
    """A fresh process, because this one may have loaded Qt."""
    assert loaded_by([name for name in USES if within(name, ENGINE) and name != QT_CROSSING], QT) == []


def test_that_the_window_can_be_painted_before_torch_is_loaded():
    """A fresh process, because this one may have loaded torch."""
    views = [name for name in USES if within(name, UI) and not within(name, SESSION)]
    assert loaded_by(views, TORCH) == []


def test_that_what_a_view_may_import_of_the_engine_is_light():
    """A fresh process, because this one may have loaded torch."""
    light = [name for name in USES if within(name, ENGINE) and name not in HEAVY]
    assert f"{ENGINE}.config.schema" in light
    assert loaded_by(light, (*TORCH, *QT)) == []


def test_that_the_package_itself_loads_at_once():
    """A fresh process, because this one has loaded much more."""
    assert loaded_by(["gan_studio"], (*TORCH, *QT, "numpy")) == []


def faults_of(module: str, source: str) -> list[str]:
    """Judge a file that does not exist."""
    return [fault for used in imports(module, source) for fault in faults(module, used, HEAVY | {f"{ENGINE}.heavy"})]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gan_studio.engine.training.trainer", "import gan_studio.ui.widgets.theme"),
        ("gan_studio.engine.training.trainer", "from ...ui.widgets import theme"),
        ("gan_studio.engine.data.batches", "from ...app import main"),
        ("gan_studio.engine.training.trainer", "def late():\n    from PySide6.QtCore import QObject"),
        ("gan_studio.engine.training.trainer", "import importlib\nimportlib.import_module('pyqtgraph')"),
        ("gan_studio.engine.qt_threads", "from PySide6.QtWidgets import QWidget"),
        ("gan_studio.engine.qt_threads", "from PySide6 import QtGui"),
        ("gan_studio.cli.main", "from gan_studio.ui.widgets.theme import blend"),
        ("gan_studio.cli.training", "from PySide6.QtCore import QObject"),
        ("gan_studio.resources", "from gan_studio.engine.config.schema import RunConfig"),
        ("gan_studio.ui.training.loss_plot", "import torch.nn"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.engine import heavy"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.engine.heavy import Thing"),
        ("gan_studio.ui.training.loss_plot", "from ...engine.control import TrainingControl"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.ui.session.run_state import RunState"),
        ("gan_studio.ui.training.loss_plot", "from ..explorer import neighbour_grid"),
        ("gan_studio.ui.main_window", "from gan_studio.engine.training.trainer import Trainer"),
        ("gan_studio.ui.main_window", "from gan_studio.app import main"),
        ("gan_studio.engine.data.batches", "from gan_studio.engine.step.step import compute_step"),
        ("gan_studio.engine.data.kinds.video", "from gan_studio.engine.training.job import TrainingJob"),
        ("gan_studio.engine.models.layers", "from gan_studio.engine.kernels import fused"),
        ("gan_studio.ui.widgets.icons", "from gan_studio.ui.plots.axis_range import whole_range"),
        ("gan_studio.ui.setup.setup_panel", "from gan_studio.ui.dialogs.questions import AskRun"),
    ],
)
def test_that_a_wrong_import_is_noticed(module: str, source: str):
    assert faults_of(module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("gan_studio.engine.qt_threads", "from PySide6.QtCore import QThread, Signal"),
        ("gan_studio.engine.training.trainer", "import torch"),
        ("gan_studio.ui.session.run_state", "from gan_studio.engine.control import TrainingControl"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.engine.events import METRIC_COLUMNS"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.ui.widgets.theme import blend"),
        ("gan_studio.ui.main_window", "from gan_studio.ui.session.run_state import RunState"),
        ("gan_studio.cli.main", "from gan_studio.cli import training"),
        ("gan_studio.app", "from gan_studio.ui.main_window import MainWindow"),
        ("gan_studio.engine.data.split", "from gan_studio.engine.data.kinds.folders import FolderSource"),
        ("gan_studio.engine.training.trainer", "from gan_studio.engine.step.step import compute_step"),
        ("gan_studio.ui.training.loss_plot", "from gan_studio.ui.plots.curve_plot import CurvePlot"),
        ("gan_studio.ui.presenters.run", "from gan_studio.ui.setup.setup_panel import SetupPanel"),
    ],
)
def test_that_a_right_import_is_let_through(module: str, source: str):
    assert faults_of(module, source) == []


def test_that_weight_is_carried_through_other_modules_and_packages():
    uses = {
        "gan_studio.a": [Import("torch.nn", 1)],
        "gan_studio.b": [Import("gan_studio.a.part", 1)],
        "gan_studio.c": [Import("gan_studio.b", 1)],
        "gan_studio.d": [Import("numpy", 1)],
    }
    assert loads(uses, TORCH) == {"gan_studio.a", "gan_studio.b", "gan_studio.c"}


def test_that_a_ring_of_imports_is_noticed():
    ring = {"a": [Import("b", 1)], "b": [Import("c", 1)], "c": [Import("a", 1), Import("below", 1)]}
    assert cycles({**ring, "above": [Import("a", 1)], "below": [Import("numpy", 1)]}) == ["a", "b", "c"]
