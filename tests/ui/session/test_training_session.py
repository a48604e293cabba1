"""TrainingSession: what a person wants becomes commands, what the engine tells becomes signals."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import (
    METRIC_COLUMNS,
    MetricsLogged,
    PhaseChanged,
    RunFailed,
    RunOpened,
    RunPhase,
    SamplesDrawn,
    TrainingEvent,
)
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.run.contents import read_run
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.log import read_knobs
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.text.message import Message
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.session.training_session import TrainingSession
from tests.engine.references import References
from tests.engine.runs import TINY, on_cpu, tiny

PATIENCE_MS = 120_000
LONG = tiny(training__steps=1_000_000, record__sample_every=1_000_000, record__snapshot_every=1_000_000)


class Person:
    """Somebody at a session, who notes what is told."""

    def __init__(self, qtbot: QtBot, session: TrainingSession) -> None:
        self.qtbot, self.session = qtbot, session
        self.phases: list[str] = []
        self.rows: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []
        self.told: list[str] = []
        session.state_changed.connect(self._note_phase)
        session.metrics_logged.connect(lambda steps, values: self.rows.append((steps, values)))
        session.metrics_logged.connect(lambda *_: self.told.append("metrics"))
        session.run_opened.connect(lambda _: self.told.append("opened"))

    def start(self, config: RunConfig | None = None) -> None:
        if config is not None:
            self.session.set_config(config)
        self.session.start()

    def wait_for(self, phase: RunPhase) -> None:
        self.qtbot.waitUntil(lambda: self.session.state.phase is phase, timeout=PATIENCE_MS)
        if phase in (RunPhase.FINISHED, RunPhase.FAILED, RunPhase.IDLE):
            self.qtbot.waitUntil(lambda: self.session.thread_in_hand is None, timeout=PATIENCE_MS)

    def wait_for_step(self, step: int) -> None:
        self.qtbot.waitUntil(lambda: self.session.state.step >= step, timeout=PATIENCE_MS)

    @property
    def steps(self) -> list[int]:
        return [int(step) for steps, _ in self.rows for step in steps]

    @property
    def place(self) -> Path:
        assert self.session.state.place is not None
        return self.session.state.place

    @property
    def last_checkpoint(self) -> int:
        return RunFolder(self.place).checkpoints()[-1].step

    def _note_phase(self) -> None:
        if self.session.state.phase != (self.phases or [RunPhase.IDLE])[-1]:
            self.phases.append(self.session.state.phase)


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "runs"))
    session = TrainingSession()
    yield Person(qtbot, session)
    session.stop()
    session.wait()
    session.deleteLater()


def test_that_a_run_goes_through_its_phases_and_tells_every_step_once(person: Person) -> None:
    person.start(TINY)
    person.wait_for(RunPhase.FINISHED)
    assert person.phases == ["loading", "running", "saving", "finished"]
    assert person.steps == list(range(1, 13))
    assert person.session.state.step == 12
    assert person.last_checkpoint == 12


def test_that_what_can_be_done_follows_the_phase(person: Person) -> None:
    state = person.session.state
    assert (state.can_start, state.can_pause, state.can_step, state.can_stop) == (True, False, False, False)
    person.start(LONG)
    assert not state.can_start
    person.wait_for(RunPhase.RUNNING)
    assert (state.can_start, state.can_pause, state.can_step, state.can_stop) == (False, True, False, True)
    person.session.pause()
    person.wait_for(RunPhase.PAUSED)
    assert (state.can_start, state.can_pause, state.can_step, state.can_stop) == (True, False, True, True)
    assert state.images_per_second is None
    person.session.stop()
    person.wait_for(RunPhase.FINISHED)
    assert (state.can_start, state.can_pause, state.can_step, state.can_stop) == (True, False, False, False)


def test_that_a_paused_run_steps_once_and_goes_on_with_the_same_trainer(person: Person) -> None:
    session = person.session
    person.start(LONG)
    person.wait_for_step(1)
    session.pause()
    person.wait_for(RunPhase.PAUSED)
    step = session.state.step
    assert session.thread_in_hand is not None
    trainer = session.thread_in_hand.job.trainer
    with person.qtbot.waitSignal(session.samples_drawn, timeout=PATIENCE_MS) as drawn:
        session.step_once()
    assert isinstance(drawn.args[0], Sheet)
    person.wait_for_step(step + 1)
    assert session.state.step == step + 1
    assert session.state.phase is RunPhase.PAUSED
    session.start()
    person.wait_for_step(step + 2)
    assert session.thread_in_hand is not None
    assert session.thread_in_hand.job.trainer is trainer


def test_that_a_second_start_begins_no_second_run(person: Person, tmp_path: Path) -> None:
    person.start(LONG)
    person.start()
    person.wait_for(RunPhase.RUNNING)
    person.start()
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_that_stopping_saves_the_last_step_and_start_goes_on_from_it(person: Person) -> None:
    person.start(LONG)
    person.wait_for_step(3)
    person.session.stop()
    person.wait_for(RunPhase.FINISHED)
    stopped = person.session.state.step
    assert person.last_checkpoint == stopped
    with person.qtbot.waitSignal(person.session.run_opened, timeout=PATIENCE_MS) as opened:
        person.start()
    assert opened.args[0].moment.step == stopped
    person.wait_for_step(stopped + 1)
    assert person.steps == list(range(1, person.session.state.step + 1))


def test_that_a_run_given_up_leaves_no_checkpoint_of_its_last_step(person: Person) -> None:
    person.start(LONG)
    person.wait_for_step(5)
    person.session.abandon()
    person.wait_for(RunPhase.FINISHED)
    assert person.last_checkpoint == 0


def test_that_stopping_while_pictures_are_read_leaves_no_run(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.start(LONG)
    person.session.stop()
    person.wait_for(RunPhase.IDLE)
    assert not person.session.state.has_run
    person.start(tiny(training__steps=2))
    person.wait_for(RunPhase.FINISHED)
    assert person.last_checkpoint == 2


def test_that_a_window_blocked_from_start_to_end_still_gets_every_step_after_the_opening(person: Person) -> None:
    """The plots are cleared when a run opens: what came after it in time must come after it in order."""
    person.start(TINY)
    assert person.session.thread_in_hand is not None
    assert person.session.thread_in_hand.wait(PATIENCE_MS)
    person.wait_for(RunPhase.FINISHED)
    assert person.told == ["opened", "metrics"]
    assert person.steps == list(range(1, 13))
    assert person.session.state.step == 12


def test_that_a_flood_against_a_blocked_window_is_one_wake_up_and_loses_nothing(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_begin, wake_ups = threading.Event(), []

    class Flood:
        """A job that only talks."""

        trainer = None

        def __init__(self, request: RunRequest) -> None:
            self.request = request

        def run(self, _control: TrainingControl) -> Iterator[TrainingEvent]:
            may_begin.wait()
            yield RunOpened(self.request.place, TINY, Moment(0, 0), 5_000, on_cpu(), {})
            for step in range(1, 5_001):
                values = np.full((1, len(METRIC_COLUMNS)), step, np.float32)
                yield MetricsLogged(np.array([step]), values, 1.0)
                yield SamplesDrawn(Sheet(Moment(0, step), np.zeros((8, 8, 1), np.uint8), 1, 1), recorded=False)
            yield PhaseChanged(RunPhase.FINISHED)

    monkeypatch.setattr("gan_studio.engine.training.job.TrainingJob", Flood)
    sheets: list[int] = []
    person.session.samples_drawn.connect(lambda sheet: sheets.append(sheet.moment.step))
    person.start(TINY)
    assert person.session.thread_in_hand is not None
    person.session.thread_in_hand.events_waiting.connect(lambda: wake_ups.append(1), Qt.ConnectionType.DirectConnection)
    may_begin.set()
    assert person.session.thread_in_hand.wait(PATIENCE_MS)
    assert len(wake_ups) == 1
    person.wait_for(RunPhase.FINISHED)
    assert person.steps == list(range(1, 5_001))
    assert len(person.rows) == 1
    assert sheets == [5_000]


def test_that_a_set_up_is_taken_only_while_no_run_is_open(person: Person) -> None:
    person.session.set_config(TINY)
    assert person.session.state.steps == 12
    person.start(tiny(training__steps=2))
    person.wait_for(RunPhase.FINISHED)
    person.session.set_config(tiny(training__steps=99))
    assert person.session.state.config.training.steps == 2
    person.session.forget_run(tiny(training__steps=3))
    assert not person.session.state.has_run
    assert person.session.state.phase is RunPhase.IDLE
    person.start()
    person.wait_for(RunPhase.FINISHED)
    assert person.last_checkpoint == 3


def test_that_a_busy_run_is_not_let_go_of(person: Person) -> None:
    person.start(LONG)
    person.wait_for(RunPhase.RUNNING)
    place = person.place
    person.session.forget_run(TINY)
    assert person.session.state.place == place
    assert person.session.state.config == LONG


def test_that_a_run_that_cannot_begin_fails_in_words_and_another_can_begin(person: Person) -> None:
    with person.qtbot.waitSignal(person.session.failed, timeout=PATIENCE_MS) as failed:
        person.start(tiny(data__source="/no/such/folder"))
    assert isinstance(failed.args[0], RunFailed)
    assert "no folder" in str(failed.args[0].happened)
    person.wait_for(RunPhase.FAILED)
    assert person.session.state.can_start
    assert not person.session.state.has_run
    person.start(tiny(training__steps=2))
    person.wait_for(RunPhase.FINISHED)


class Asking:
    """A job that asks two questions, one after the other, and keeps how it was begun."""

    begun: ClassVar[list[tuple[frozenset[str], Path | None]]] = []
    trainer = None

    def __init__(self, request: RunRequest) -> None:
        self.request = request
        Asking.begun.append((request.accepts, request.fine_tune))

    def run(self, _control: TrainingControl) -> Iterator[TrainingEvent]:
        for question in ("bad_pictures", "other_pictures"):
            if question not in self.request.accepts:
                word = Message("number", value=question)
                yield RunFailed(word, word, word, question=question)
                yield PhaseChanged(RunPhase.FAILED)
                return
        yield RunOpened(self.request.place, TINY, Moment(0, 0), 12, on_cpu(), {})
        yield PhaseChanged(RunPhase.FINISHED)


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> type[Asking]:
    monkeypatch.setattr("gan_studio.engine.training.job.TrainingJob", Asking)
    monkeypatch.setattr(Asking, "begun", [])
    return Asking


def test_that_answers_add_up_until_the_run_begins(person: Person, asking: type[Asking]) -> None:
    person.start(TINY)
    person.wait_for(RunPhase.FAILED)
    person.session.accept("bad_pictures")
    person.wait_for(RunPhase.FAILED)
    person.session.accept("other_pictures")
    person.wait_for(RunPhase.FINISHED)
    assert [accepts for accepts, _ in asking.begun] == [set(), {"bad_pictures"}, {"bad_pictures", "other_pictures"}]


def test_that_an_answer_holds_for_no_other_set_up_and_no_later_start(person: Person, asking: type[Asking]) -> None:
    person.start(TINY)
    person.wait_for(RunPhase.FAILED)
    person.session.set_config(tiny(seed=99))
    person.session.accept("bad_pictures")
    person.wait_for(RunPhase.FAILED)
    person.session.accept("bad_pictures")
    person.wait_for(RunPhase.FAILED)
    person.session.start()
    person.wait_for(RunPhase.FAILED)
    assert [accepts for accepts, _ in asking.begun] == [set(), set(), {"bad_pictures"}, set()]


def test_that_the_origin_of_the_next_run_follows_a_new_name_of_its_own_run_alone(
    person: Person, tmp_path: Path
) -> None:
    session, named = person.session, Message("name.given", name="Frogs")
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "run")
    session.set_fine_tune(tmp_path / "run", Moment(0, 4), named)
    session.note_name(tmp_path / "other", Message("name.given", name="Cats"))
    assert session.terms.fine_tune_name == named
    session.note_name(tmp_path / "link", Message("name.given", name="Toads"))
    assert str(session.terms.fine_tune_name) == "Toads"
    session.set_fine_tune(tmp_path / "run")
    session.note_name(tmp_path / "run", named)
    assert session.terms.fine_tune_name is None


def test_that_a_new_run_begins_from_its_origin_once(person: Person, asking: type[Asking], tmp_path: Path) -> None:
    session, origin = person.session, tmp_path / "earlier"
    session.set_fine_tune(origin)
    person.start(TINY)
    person.wait_for(RunPhase.FAILED)
    assert session.terms.fine_tune == origin
    session.accept("bad_pictures")
    person.wait_for(RunPhase.FAILED)
    session.accept("other_pictures")
    person.wait_for(RunPhase.FINISHED)
    assert session.terms.fine_tune is None
    session.set_fine_tune(origin)
    assert session.terms.fine_tune is None
    session.start()
    person.wait_for(RunPhase.FAILED)
    assert [fine_tune for _, fine_tune in asking.begun] == [origin, origin, origin, None]


def test_that_a_knob_turned_while_it_runs_is_told_and_logged(person: Person) -> None:
    person.start(LONG)
    person.wait_for(RunPhase.RUNNING)
    with person.qtbot.waitSignal(person.session.knob_changed, timeout=PATIENCE_MS) as changed:
        person.session.set_knob("learning_rate_g", 1e-3)
    assert changed.args == ["learning_rate_g", 1e-3]
    assert [(row.name, row.value) for row in read_knobs(RunFolder(person.place).log_file)] == [
        ("learning_rate_g", 1e-3)
    ]


def test_that_the_end_can_be_moved_while_it_runs(person: Person) -> None:
    person.start(LONG)
    person.wait_for_step(1)
    person.session.pause()
    person.wait_for(RunPhase.PAUSED)
    target = person.session.state.step + 4
    person.session.set_knob("steps", target)
    person.qtbot.waitUntil(lambda: person.session.state.steps == target, timeout=PATIENCE_MS)
    person.start()
    person.wait_for(RunPhase.FINISHED)
    assert person.session.state.step == target


def test_that_knobs_turned_while_a_run_rests_hold_when_it_goes_on(person: Person) -> None:
    session = person.session
    person.start(TINY)
    person.wait_for(RunPhase.FINISHED)
    session.set_knob("learning_rate_g", 5e-3)
    session.set_knob("learning_rate_g", 1e-3)
    session.set_knob("steps", 20)
    assert session.state.steps == 20
    with person.qtbot.waitSignal(session.knob_changed, timeout=PATIENCE_MS) as changed:
        person.start()
    assert changed.args == ["learning_rate_g", 1e-3]
    person.wait_for(RunPhase.FINISHED)
    assert session.state.step == 20
    rows = read_knobs(RunFolder(person.place).log_file)
    assert {row.name: (row.step, row.value) for row in rows} == {"learning_rate_g": (12, 1e-3), "steps": (12, 20.0)}


def test_that_an_end_moved_while_a_run_rests_is_still_there_after_it_was_opened_again(person: Person) -> None:
    person.start(TINY)
    person.wait_for(RunPhase.FINISHED)
    person.session.set_knob("steps", 1_000_000)
    person.start()
    person.wait_for_step(13)
    person.session.stop()
    person.wait_for(RunPhase.FINISHED)
    assert read_run(person.place).target == 1_000_000


def test_that_a_knob_for_one_run_never_reaches_another(person: Person, tmp_path: Path, references: References) -> None:
    references.copy_to(tmp_path / "other", tiny(training__steps=2))
    person.start(TINY)
    person.wait_for(RunPhase.FINISHED)
    person.session.set_knob("learning_rate_g", 0.5)
    person.session.set_device("cuda:99")
    person.session.show_run(read_run(tmp_path / "other"))
    with person.qtbot.assertNotEmitted(person.session.knob_changed):
        person.start()
        person.wait_for(RunPhase.FINISHED)
    assert person.session.state.step == 4


def test_that_a_device_chosen_for_an_open_run_is_taken_when_it_goes_on(
    person: Person, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    person.session.show_run(read_run(tmp_path / "run"))
    person.session.set_device("cuda:99")
    with person.qtbot.waitSignal(person.session.failed, timeout=PATIENCE_MS) as failed:
        person.start()
    assert "cuda:99" in str(failed.args[0].happened)
    person.wait_for(RunPhase.FAILED)
    person.session.set_device("cpu")
    person.start()
    person.wait_for(RunPhase.FINISHED)
    assert person.session.state.step == 4


def test_that_a_finished_run_goes_on_each_time_it_is_started(person: Person, tmp_path: Path) -> None:
    """Also after it was opened again, and however often it has gone on past its plan."""
    person.start(tiny(training__steps=4))
    person.wait_for(RunPhase.FINISHED)
    for steps in (8, 12):
        person.start()
        person.wait_for(RunPhase.FINISHED)
        assert person.session.state.step == steps
    person.session.show_run(read_run(person.place))
    assert person.session.state.steps >= 12
    person.start()
    person.wait_for(RunPhase.FINISHED)
    assert person.session.state.step == 16


def test_that_watching_and_saving_on_the_way_changes_nothing(person: Person, references: References) -> None:
    session = person.session
    published: list[Moment] = []
    session.weights_published.connect(lambda event: published.append(event.moment))
    for signal in (session.metrics_logged, session.samples_drawn):
        signal.connect(session.publish_weights)
        signal.connect(session.checkpoint_now)
    person.start(tiny(training__steps=40))
    assert session.thread_in_hand is not None
    job = None
    person.qtbot.waitSignal(session.run_opened, timeout=PATIENCE_MS).wait()
    job = session.thread_in_hand.job
    person.wait_for(RunPhase.FINISHED)
    assert published
    assert state_hash(job.trainer.state) == references.state_hash(tiny(training__steps=40))


def test_that_commands_without_a_run_do_nothing(person: Person) -> None:
    session = person.session
    for command in (session.pause, session.step_once, session.stop, session.sample_now, session.abandon, session.wait):
        command()
    session.set_knob("learning_rate_g", 1e-3)
    session.publish_weights()
    assert session.state.phase is RunPhase.IDLE
