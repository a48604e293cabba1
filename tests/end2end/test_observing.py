"""Looking at a run through the window changes nothing of it, bit for bit."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from tests.end2end.conftest import Studio
from tests.end2end.hands import begin
from tests.engine.runs import tiny, train

CONFIG = tiny(training__steps=60, record__sample_every=1)


def test_that_a_window_that_is_hidden_and_resized_while_it_trains_changes_nothing(
    open_studio: Callable[..., Studio], tmp_path: Path
) -> None:
    """At each sheet that reaches it the window does something else."""
    studio = open_studio()
    window, tabs = studio.window, studio.find(QTabWidget, "tabs")
    deeds: list[Callable[[], object]] = [
        window.hide,
        window.show,
        lambda: window.resize(1000, 640),
        lambda: tabs.setCurrentIndex(1),
        window.showMinimized,
        window.showNormal,
        lambda: window.resize(1280, 800),
        lambda: window.setWindowState(Qt.WindowState.WindowMaximized),
        lambda: tabs.setCurrentIndex(0),
    ]
    done: list[object] = []

    def act(_: object) -> None:
        done.append(deeds[len(done) % len(deeds)]())

    studio.session.training.samples_drawn.connect(act)
    begin(studio, CONFIG)
    studio.wait_for_phase("finished")
    assert len(done) > 1
    folder = studio.session.training.state.place
    assert folder is not None
    train(tmp_path / "alone", CONFIG)
    alone, seen = (RunFolder(Path(place)).checkpoint(Moment(0, 60)) for place in (tmp_path / "alone", folder))
    assert seen.read_bytes() == alone.read_bytes()
