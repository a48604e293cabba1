"""StudioSession: what cannot be done while a run trains is refused in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import RunPhase
from gan_studio.engine.exchange.weights import Weights
from gan_studio.engine.library.weights import ReadWeights, WeightsRead
from gan_studio.engine.qt_threads import WeightsThread
from gan_studio.ui.session.studio_session import StudioSession

READ = WeightsRead(Path("netG.pth"), Weights(Path("netG.safetensors"), RunConfig(), {}))


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[StudioSession]:
    session = StudioSession()
    yield session
    session.training.state.phase = RunPhase.IDLE
    session.end()
    session.deleteLater()


@pytest.mark.parametrize("phase", [RunPhase.RUNNING, RunPhase.PAUSED])
def test_that_weights_are_not_opened_while_a_run_trains(qtbot: QtBot, session: StudioSession, phase: RunPhase) -> None:
    session.training.state.phase = phase
    with qtbot.waitSignal(session.refused) as refused:
        session.open_weights(Path("netG.pth"))
    (fault,) = refused.args
    assert isinstance(fault, NotDone)
    assert "Weights cannot be opened while a run is training." in str(fault.happened)


@pytest.mark.parametrize("is_told", [True, False])
def test_that_weights_that_come_after_a_start_are_refused_in_words(
    qtbot: QtBot, session: StudioSession, is_told: bool
) -> None:
    """A run that starts refuses them at once; whatever is read later closes no run and is told once."""
    opened, refused = list[object](), list[NotDone]()
    session.weights_opened.connect(opened.append)
    session.refused.connect(refused.append)
    session.open_weights(READ.source)
    session.training.state.phase = RunPhase.LOADING
    if is_told:
        session.training.state_changed.emit()
    session.library.weights_read.emit(READ)
    assert opened == []
    assert [str(fault.happened) for fault in refused] == ["Weights cannot be opened while a run is training."]


def test_that_weights_that_come_after_another_run_was_asked_for_do_not_close_it(
    qtbot: QtBot, session: StudioSession
) -> None:
    opened = list[object]()
    session.weights_opened.connect(opened.append)
    session.open_weights(READ.source)
    with qtbot.waitSignal(session.weights_given_up):
        session.open_run(Path("run"))
    session.library.weights_read.emit(READ)
    assert opened == []
    session.open_weights(READ.source)
    session.library.weights_read.emit(READ)
    assert opened == [READ]


def test_that_the_file_that_is_being_opened_is_given_up_and_a_later_one_is_not(qtbot: QtBot) -> None:
    thread = WeightsThread()
    thread.ask("weights", ReadWeights(READ.source))
    thread.give_up()
    assert thread.has_news()
    later = READ.source.with_name("no-such.pth")
    thread.ask("weights", ReadWeights(later))
    with qtbot.waitSignal(thread.replied) as replied:
        thread.start()
    assert str(later) in str(replied.args[1].happened)
    thread.end()
    thread.wait()
