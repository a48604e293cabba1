"""TrainingSession where a run rests after a fault, or is trained by another program."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import psutil
import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import PhaseChanged, RunFailed, RunPhase, TrainingEvent
from gan_studio.engine.machine.device import Device
from gan_studio.engine.models.estimates import estimated_memory
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import RunLock, Writer, other_writer, writer_of
from gan_studio.engine.run.log import read_knobs
from gan_studio.engine.text.message import Message
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.session.memory_need import memory_need
from gan_studio.ui.session.training_session import TrainingSession
from tests.engine.references import References
from tests.engine.runs import TINY, tiny

PATIENCE_MS = 120_000
SOMEBODY = Writer(1234, "elsewhere", "2026-11-23 14:00:00")
CARDS = (Device("cuda:0", "a GPU", 10_000), Device("cpu", "CPU", 99))


@pytest.fixture
def run(tmp_path: Path, references: References) -> Path:
    references.copy_to(tmp_path / "run", tiny(training__steps=4))
    return tmp_path / "run"


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    session = TrainingSession()
    yield session
    session.stop()
    session.wait()
    session.deleteLater()


def wait_until_finished(qtbot: QtBot, session: TrainingSession) -> None:
    qtbot.waitUntil(lambda: session.state.phase is RunPhase.FINISHED, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: session.thread_in_hand is None, timeout=PATIENCE_MS)


def test_that_a_run_that_rests_goes_back_with_the_share_of_its_rates(
    qtbot: QtBot, session: TrainingSession, run: Path
) -> None:
    session.show_run(read_run(run))
    with qtbot.waitSignal(session.branch_begun, timeout=PATIENCE_MS) as begun:
        session.roll_back(Moment(0, 0), 0.5)
    assert begun.args[0].moment == (1, 0)
    wait_until_finished(qtbot, session)
    rates = {row.name: row.value for row in read_knobs(RunFolder(run).log_file, 1) if "rate" in row.name}
    assert rates == {"learning_rate_g": 1e-4, "learning_rate_d": 1e-4}
    assert session.state.step == 4


class Dying:
    """A job that keeps how it was begun; it asks about the pictures, or dies of what no job tells of."""

    begun: ClassVar[list[RunRequest]] = []
    trainer = None
    dies = False

    def __init__(self, request: RunRequest) -> None:
        Dying.begun.append(request)

    def run(self, _control: TrainingControl) -> Iterator[TrainingEvent]:
        if self.dies:
            raise OSError(5, "Input/output error")
        word = Message("number", value=1)
        yield RunFailed(word, word, word, question="other_pictures")
        yield PhaseChanged(RunPhase.FAILED)


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> type[Dying]:
    monkeypatch.setattr("gan_studio.engine.training.job.TrainingJob", Dying)
    monkeypatch.setattr(Dying, "begun", [])
    return Dying


def test_that_an_answer_after_going_back_still_goes_back(
    qtbot: QtBot, session: TrainingSession, run: Path, dying: type[Dying]
) -> None:
    session.show_run(read_run(run))
    session.roll_back(Moment(0, 0), 0.5)
    qtbot.waitUntil(lambda: session.thread_in_hand is None, timeout=PATIENCE_MS)
    session.accept("other_pictures")
    qtbot.waitUntil(lambda: session.thread_in_hand is None, timeout=PATIENCE_MS)
    session.start()
    qtbot.waitUntil(lambda: session.thread_in_hand is None, timeout=PATIENCE_MS)
    assert [(request.back_to, request.rate_share, request.accepts) for request in dying.begun] == [
        (Moment(0, 0), 0.5, frozenset()),
        (Moment(0, 0), 0.5, frozenset({"other_pictures"})),
        (None, 1.0, frozenset()),
    ]


def test_that_a_place_of_the_pictures_counts_for_one_start_and_its_questions(
    qtbot: QtBot, session: TrainingSession, run: Path, dying: type[Dying]
) -> None:
    def look_at(act: Callable[[], None]) -> str | None:
        act()
        qtbot.waitUntil(lambda: session.thread_in_hand is None, timeout=PATIENCE_MS)
        return dying.begun[-1].data

    session.show_run(read_run(run))
    session.set_pictures_place("wrong")
    assert look_at(session.start) == "wrong"
    assert look_at(partial(session.accept, "other_pictures")) == "wrong"
    assert look_at(session.start) is None
    session.set_pictures_place("wrong")
    assert look_at(partial(session.roll_back, Moment(0, 0))) == "wrong"
    session.set_pictures_place("right")
    assert look_at(partial(session.accept, "moved_pictures")) == "right"
    assert (dying.begun[-1].back_to, dying.begun[-1].accepts) == (Moment(0, 0), frozenset())
    assert look_at(partial(session.accept, "memory")) is None


@pytest.mark.qt_no_exception_capture
def test_that_a_thread_that_dies_leaves_a_session_that_can_be_left(
    qtbot: QtBot,
    session: TrainingSession,
    run: Path,
    dying: type[Dying],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dying, "dies", True)
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    session.show_run(read_run(run))
    with qtbot.waitSignal(session.failed, timeout=PATIENCE_MS) as failed:
        session.start()
    assert "without giving a reason" in str(failed.args[0].happened)
    assert session.state.phase is RunPhase.FAILED
    assert session.thread_in_hand is None


def test_that_a_run_that_another_program_trains_is_neither_started_nor_set_back(
    session: TrainingSession, run: Path
) -> None:
    session.show_run(replace(read_run(run), writer=SOMEBODY))
    assert not session.state.can_start
    assert not session.state.can_roll_back
    session.start()
    session.roll_back(Moment(0, 0))
    session.accept("out_of_memory")
    assert session.thread_in_hand is None
    session.show_run(read_run(run))
    assert session.state.can_start
    assert session.state.can_roll_back


def test_that_this_program_is_no_other_writer(run: Path) -> None:
    folder = RunFolder(run)
    lock = RunLock(folder)
    assert writer_of(folder) is not None
    assert other_writer(folder) is None
    assert read_run(run).writer is None
    lock.release()


def test_that_a_batch_is_halved_again_from_what_waits_for_the_next_start(
    session: TrainingSession, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second failure while the pictures are read finds the half that the first one asked for."""
    session.show_run(replace(read_run(run), writer=SOMEBODY))  # so that nothing starts
    assert session.knob("batch_size") == 8
    session.accept("out_of_memory")
    assert session.knob("batch_size") == 4
    session.accept("out_of_memory")
    session.accept("out_of_memory")
    assert session.knob("batch_size") == 2


def test_that_memory_is_compared_with_what_the_chosen_device_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=5, total=7))
    needed = estimated_memory(TINY)
    on_cpu = memory_need(TINY, "cpu", CARDS)
    assert (on_cpu.needed, on_cpu.present, on_cpu.is_short) == (needed, 5, True)
    for name in ("auto", "cuda", "cuda:0"):
        assert memory_need(TINY, name, CARDS).present == 10_000
        assert memory_need(TINY, name, CARDS).on_gpu
    assert memory_need(TINY, "auto", CARDS[1:]).present == 5
    assert not memory_need(TINY, "auto", ()).is_short
    assert not memory_need(TINY, "cuda:7", CARDS).is_short


def test_that_a_card_keeps_half_as_many_bytes_where_precision_is_automatic() -> None:
    full = with_values(TINY, {"precision": "float32"})
    assert estimated_memory(TINY, on_gpu=True) < estimated_memory(TINY)
    assert estimated_memory(full, on_gpu=True) == estimated_memory(full) == estimated_memory(TINY)
