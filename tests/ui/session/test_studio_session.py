"""StudioSession: what cannot be done while a run trains is refused in words."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import RunPhase
from gan_studio.ui.session.studio_session import StudioSession


@pytest.mark.parametrize("phase", [RunPhase.RUNNING, RunPhase.PAUSED])
def test_that_weights_are_not_opened_while_a_run_trains(qtbot: QtBot, phase: RunPhase) -> None:
    session = StudioSession()
    session.training.state.phase = phase
    with qtbot.waitSignal(session.refused) as refused:
        session.open_weights(Path("netG.pth"))
    (fault,) = refused.args
    assert isinstance(fault, NotDone)
    assert "Weights cannot be opened while a run is training." in str(fault.happened)
    session.training.state.phase = RunPhase.IDLE
    session.end()
    session.deleteLater()
