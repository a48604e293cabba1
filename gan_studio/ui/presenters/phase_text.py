"""What the status line says of a run's phase."""

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.events import RunPhase
from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

_N = QT_TRANSLATE_NOOP

_TEXTS = {
    RunPhase.IDLE: _N("Phase", "Ready. Start begins a run."),
    RunPhase.LOADING: _N("Phase", "Loading pictures and networks…"),
    RunPhase.RUNNING: _N("Phase", "Training."),
    RunPhase.PAUSED: _N("Phase", "Paused. The networks stay in memory; exploring goes on."),
    RunPhase.SAVING: _N("Phase", "Saving a checkpoint of the last step…"),
    RunPhase.FINISHED: _N("Phase", "The run is saved. Start goes on with it."),
    RunPhase.FAILED: _N("Phase", "The run cannot go on; see the notice above."),
}


def phase_text(phase: RunPhase) -> str:
    """Return one sentence on a phase, in the language of the window."""
    return QCoreApplication.translate("Phase", _TEXTS[phase])
