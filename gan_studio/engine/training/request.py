"""RunRequest: which run to train, and how it begins. Importing it loads no torch, because the window creates it."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.moment import Moment


@dataclass(frozen=True)
class RunRequest:
    """A request to train a new run or to resume one.

    Attributes:
        place: run folder. It must not hold a run when `config` is given, and must hold one otherwise.
        config: set-up of a new run; None: resume the run at `place`.
        steps: step at which the run finishes; None: the run's own.
        device: another device to resume on; None: the run's own.
        niceness: least niceness of the training thread, on Linux, so that a window stays responsive.
        accepts: questions (RunFailed.question) that a person has answered with yes.
        fine_tune: run folder or safetensors file whose weights a new run begins with.
        fine_tune_from: the moment of that run; None: its newest usable checkpoint.
        name: what a person calls a new run; empty: it is called by its pictures.
        back_to: checkpoint that the run goes back to first, in a new branch; None: it continues where it stopped.
        rate_share: when the run goes back, the share of its present learning rates that it goes on with; 1: it takes up
            those of the checkpoint.
        data: where the pictures of a resumed run are now; None: where run.toml says.
        left_to_pictures: paths of the settings of a new run that its pictures decide, see `data.following`.
    """

    place: Path
    config: RunConfig | None = None
    steps: int | None = None
    device: str | None = None
    niceness: int = 0
    accepts: frozenset[str] = frozenset()
    fine_tune: Path | None = None
    fine_tune_from: Moment | None = None
    name: str = ""
    back_to: Moment | None = None
    rate_share: float = 1.0
    data: str | None = None
    left_to_pictures: frozenset[str] = frozenset()
