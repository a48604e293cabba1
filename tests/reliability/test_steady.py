"""Promise 12: however long somebody trains and plays, the program holds no more; a blocked window drowns in nothing."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from math import inf
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gan_studio.engine.events import METRIC_COLUMNS, LoadingProgress, MetricsLogged, SamplesDrawn
from gan_studio.engine.machine import spinning
from gan_studio.engine.mailbox import EventMailbox
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import TrainingThread
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.widgets.theme import apply_theme
from tests.end2end.conftest import Studio
from tests.engine.runs import tiny
from tests.reliability.ledger import Page
from tests.reliability.monkey import Monkey, growth, holdings

FOREVER = tiny(training__steps=10**8, record__sample_every=200, record__snapshot_every=500)
LOOK_EVERY = 5
ROUNDS = 4
"""Now and then malloc takes 30 MiB more and keeps them: in one of these rounds the program must be at rest."""
MIB = 2**20


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Open the real window, with a home of its own for its runs."""
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(spinning, "STOP_SHARE", inf)  # else threads come and go with what other programs do
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    studio = Studio(qtbot, None)
    yield studio
    studio.close()


def test_that_a_monkey_at_the_window_makes_the_program_hold_no_more(studio: Studio, ledger: Page) -> None:
    studio.window.views.setup.set_config(FOREVER)
    studio.click("startButton")
    studio.wait_for_phase("running")
    studio.wait_until(lambda: studio.session.training.state.step > 5)
    monkey, done = Monkey(studio, seed=12), Counter[str]()
    for _ in range(ROUNDS):
        seen = []
        for number in range(ledger.amount(80, 2000)):
            done[monkey.act()] += 1
            if number % LOOK_EVERY == 0:
                seen.append(holdings(studio))
        if growth([held.memory for held in seen]) < 12 * MIB:
            break
    assert len(done) > 8
    assert growth([held.objects for held in seen]) < 3
    assert growth([held.threads for held in seen]) < 2
    assert growth([held.files for held in seen]) < 3
    assert growth([held.memory for held in seen]) < 12 * MIB
    ledger.injected(12, "a seeded monkey", sum(done.values()))


class Receiver(QObject):
    """Counts how often it is woken."""

    def __init__(self) -> None:
        super().__init__()
        self.woken = 0

    @Slot()
    def wake(self) -> None:
        self.woken += 1


def test_that_a_run_wakes_a_window_that_is_blocked_only_once(qtbot: QtBot, tmp_path: Path, ledger: Page) -> None:
    steps, receiver = ledger.amount(60, 5000), Receiver()
    thread = TrainingThread(RunRequest(tmp_path / "run", tiny(training__steps=steps, record__sample_every=1)))
    thread.events_waiting.connect(receiver.wake)
    thread.start()
    assert thread.wait(600_000)
    assert receiver.woken == 0
    QApplication.processEvents()
    assert receiver.woken == 1
    events = thread.take_events()
    kinds = Counter(type(event) for event in events)
    assert kinds[SamplesDrawn] == kinds[LoadingProgress] == 1
    assert kinds[MetricsLogged] <= 2
    rows = [step for event in events if isinstance(event, MetricsLogged) for step in event.steps.tolist()]
    assert rows == list(range(1, steps + 1))
    thread.deleteLater()
    ledger.injected(12, "a blocked window", steps)


def test_that_a_flood_of_events_stays_bounded_while_nobody_reads(ledger: Page) -> None:
    mailbox, count, wakes = EventMailbox(), ledger.amount(20_000, 50_000), 0
    sheet = np.zeros((256, 256, 3), np.uint8)
    tracemalloc.start()
    for step in range(count):
        values = np.full((1, len(METRIC_COLUMNS)), step, np.float32)
        wakes += mailbox.put(MetricsLogged(np.array([step], np.int64), values, 1.0))
        mailbox.put(SamplesDrawn(Sheet(Moment(0, step), sheet.copy(), 8, 8), recorded=False))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert wakes == 1
    assert held < 100 * count + 4 * sheet.nbytes
    metrics, sample = sorted(mailbox.take(), key=lambda event: isinstance(event, SamplesDrawn))
    assert isinstance(metrics, MetricsLogged)
    assert isinstance(sample, SamplesDrawn)
    assert np.array_equal(metrics.steps, np.arange(count))
    assert sample.sheet.moment.step == count - 1
    assert mailbox.take() == []
    ledger.injected(12, "a flood of events", 2 * count)
