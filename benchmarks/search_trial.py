"""One trial of the search: train a choice of settings for so many steps, and judge EMAs of several half-lives."""

import copy
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from math import inf, log
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.classifier import Classifier
from benchmarks.judge import Judge
from gan_studio.bench.plain_step import train_step
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import DataConfig, RunConfig, with_values
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.devices import prepare_thread
from gan_studio.engine.step.losses import Loss
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import NotFiniteError
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings

HALF_LIVES = (1000.0, 2500.0, 5000.0, 10000.0)
SAMPLES = 4000
CPU = torch.device("cpu")

_classifier: list[Classifier] = []


Size = tuple[int, int, str, str, bool, str]
"""The settings that decide how long a step takes; see Choice.size."""


@dataclass(frozen=True)
class Choice:
    """Settings that the search may change; the rest is quickstart's.

    Attributes:
        norm: norm of the discriminator.
        augment: the DiffAugment operations (Zhao et al. 2020), separated by spaces.
    """

    width: int
    batch_size: int
    rate_g: float
    rate_d: float
    beta1: float = 0.5
    label_smoothing: float = 0.0
    upsampling: Literal["transposed", "resize"] = "transposed"
    ema_half_life: float = 5000.0
    loss: Loss = "non_saturating"
    norm: Literal["batch", "spectral", "none"] = "batch"
    r1: float = 0.0
    augment: str = ""

    @property
    def size(self) -> Size:
        """The settings that decide how long a step takes: width, batch, upsampling, norm, R1 or not, augmentation."""
        return self.width, self.batch_size, self.upsampling, self.norm, self.r1 > 0, self.augment

    def config(self, seed: int, data: DataConfig) -> RunConfig:
        """Build the configuration of a run on these pictures."""
        changes: dict[str, Any] = {
            "device": "cpu",
            "seed": seed,
            "data": data.model_dump(),
            "model.width": self.width,
            "model.upsampling": self.upsampling,
            "model.discriminator_norm": self.norm,
            "training.loss": self.loss,
            "training.r1": self.r1,
            **{f"training.augment_{operation}": True for operation in self.augment.split()},
            "training.batch_size": self.batch_size,
            "training.learning_rate_g": self.rate_g,
            "training.learning_rate_d": self.rate_d,
            "training.beta1": self.beta1,
            "training.label_smoothing": self.label_smoothing,
            "training.ema_half_life": self.ema_half_life,
            "training.steps": 1_000_000,
        }
        return with_values(load_preset("quickstart").config, changes)


@dataclass(frozen=True)
class Score:
    """The judgement of one EMA generator at one moment.

    Attributes:
        choice: the trained settings; their own half-life has no meaning here.
        seed: seed of the run.
        moment: seconds on two cores that the number of steps stands for.
        steps: steps done until then.
        half_life: half-life of the EMA, in pictures.
        distance, classes: see judge.Verdict; a run that met NaN has an infinite distance.
    """

    choice: Choice
    seed: int
    moment: float
    steps: int
    half_life: float
    distance: float
    classes: int

    @property
    def log_distance(self) -> float:
        """Logarithm of the distance."""
        return log(max(self.distance, 1e-9))

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Score":
        """Read a score that dataclasses.asdict wrote."""
        return cls(**{**row, "choice": Choice(**row["choice"])})

    def line(self) -> str:
        """Return the score as one line."""
        seen = f"{self.distance:7.3f} {self.classes:3} classes"
        return f"{self.moment:5.0f} s {self.steps:6} steps, half-life {self.half_life:6.0f}: {seen}  {self.choice}"


@dataclass(frozen=True)
class Trial:
    """The task of one process: train a choice with a seed, and judge it at each moment.

    Attributes:
        moments: seconds, rising.
        rate: steps per second on the whole machine.
        folder: keeps the state of the training at the last moment, so that a later trial continues from there.
        data: the pictures.
    """

    choice: Choice
    seed: int
    moments: tuple[float, ...]
    rate: float
    folder: str
    data: DataConfig


@dataclass
class Averages:
    """EMAs of one generator with several half-lives."""

    state: TrainingState
    each: dict[float, TrainingState] = field(init=False)

    def __post_init__(self) -> None:
        self.each = {
            half_life: replace(
                self.state,
                generator_ema=copy.deepcopy(self.state.generator_ema),
                knobs={**self.state.knobs, "ema_half_life": half_life},
            )
            for half_life in HALF_LIVES
        }

    def follow(self, pictures: int) -> None:
        """Update each EMA after a step that showed `pictures` real pictures."""
        for average in self.each.values():
            average.pictures_seen = self.state.pictures_seen
            average.update_ema(pictures)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Copy everything that is needed to continue from here."""
        found = self.state.copy_arrays()
        for half_life, average in self.each.items():
            found |= {f"{half_life}/{name}": array for name, array in average.copy_ema().items()}
        return found

    def load(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        """Continue from copied arrays."""
        self.state.load_arrays(arrays)
        for half_life, average in self.each.items():
            for name, tensor in average.generator_ema.state_dict().items():
                tensor.copy_(torch.from_numpy(arrays[f"{half_life}/{name}"]))


def prepare(classifier: Classifier) -> None:
    """Prepare a process: one thread, and the judge's classifier."""
    prepare_thread(1)
    _classifier.append(classifier)


def run_trial(trial: Trial) -> list[Score]:
    """Train, and judge every EMA at each moment."""
    config = trial.choice.config(trial.seed, trial.data)
    judge = Judge(_classifier[0], SAMPLES, config.model.latent_dim, config.model.prior)
    averages, scores = Averages(build_state(config, CPU)), []
    name = json.dumps([asdict(trial.choice), trial.seed])
    kept = Path(trial.folder, f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.npz")
    feed = PictureFeed(config, read_pictures(config.data), CPU)
    for moment in trial.moments:
        steps = round(trial.rate * moment)
        if kept.exists() and averages.state.step == 0:
            _take_up(averages, kept)
        try:
            train(averages, config, feed, steps)
        except NotFiniteError:
            scores += [Score(trial.choice, trial.seed, moment, steps, half_life, inf, 0) for half_life in HALF_LIVES]
            continue
        np.savez(kept, step=averages.state.step, **averages.arrays())  # type: ignore[arg-type]
        for half_life, average in averages.each.items():
            seen, _ = judge.look(average.generator_ema)
            scores.append(
                Score(trial.choice, trial.seed, moment, averages.state.step, half_life, seen.distance, seen.classes)
            )
    return scores


def _take_up(averages: Averages, path: Path) -> None:
    with np.load(path, allow_pickle=False) as arrays:
        averages.load({name: arrays[name] for name in arrays.files})
        averages.state.step = int(arrays["step"])
    averages.state.pictures_seen = averages.state.step * int(averages.state.knobs["batch_size"])


def train(averages: Averages, config: RunConfig, feed: PictureFeed, steps: int) -> None:
    """Train up to step `steps`; raises NotFiniteError if the run meets NaN or infinity."""
    state, model, size = averages.state, config.model, config.training.batch_size
    settings = StepSettings(config.training.loss, "float32")
    while state.step < steps:
        noise = StepNoise(config.seed, state.step, CPU)
        batch = feed.batch(state.pictures_seen, size)
        train_step(state, [batch], noise.z(1, size, model.latent_dim, model.prior), noise, settings)
        state.soundness.check_steps()
        averages.follow(size)
