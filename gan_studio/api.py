"""The public API for notebooks and scripts: load a run or weights, draw samples, train event by event."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ValidationError

from gan_studio.engine.config.files import config_fault
from gan_studio.engine.config.presets import left_to_pictures, load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import METRIC_COLUMNS, BecameNotFinite, RunFailed, TrainingEvent
from gan_studio.engine.exchange.weights import read_weights
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.sampler import generator_from, generator_of_file
from gan_studio.engine.latent import class_blends, fixed_z
from gan_studio.engine.models.networks import Generator
from gan_studio.engine.run.branches import kept_checkpoint, kept_moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder, new_run_place, open_run, runs_root
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest


@dataclass(frozen=True)
class Run:
    """A run on disk, with the EMA generator of one step.

    Attributes:
        folder: its run folder.
        config: its set-up.
        step: step of the generator.
        generator: the EMA generator in eval mode, on the CPU.
        class_names: classes of a class-conditional run, otherwise empty.
    """

    folder: RunFolder
    config: RunConfig
    step: int
    generator: Generator
    class_names: tuple[str, ...] = ()

    def sample(self, count: int = 64, seed: int = 0, class_name: str | None = None) -> NDArray[np.uint8]:
        """Draw the samples of seeds `seed` to `seed + count - 1`: uint8 [count, H, W, C].

        A class-conditional run draws `class_name`, or its classes in turn; raises ValueError for an unknown name.
        """
        return _sample(self, count, seed, class_name)

    def draw(self, z: NDArray[np.float32], blend: NDArray[np.float32] | None = None) -> NDArray[np.uint8]:
        """Draw latent points.

        Args:
            z: float32 [N, latent_dim].
            blend: class weights float32 [N, classes] of a class-conditional run, otherwise None.

        Returns:
            uint8 [N, H, W, C].
        """
        return draw_pictures(self.generator, z, blend)

    def metrics(self) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
        """Read all logged metrics of the newest branch: "step" int64 [rows], and float32 [rows] for each metric."""
        newest = self.folder.checkpoints()[-1:]
        steps, values = read_metrics(self.folder.log_file, newest[0].branch if newest else 0)
        return {"step": steps, **{name: values[:, column] for column, name in enumerate(METRIC_COLUMNS)}}


@dataclass(frozen=True)
class LoadedWeights:
    """A generator from a file of weights, without a run.

    Attributes:
        path: its file.
        config: a set-up with its model, picture size and channels.
        generator: the generator in eval mode, on the CPU.
        class_names: classes of a class-conditional generator, otherwise empty.
        notes: what was changed or assumed when the weights of another program were read.
        left: tensors of the file that are part of no network here, and why.
    """

    path: Path
    config: RunConfig
    generator: Generator
    class_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)

    def sample(self, count: int = 64, seed: int = 0, class_name: str | None = None) -> NDArray[np.uint8]:
        """Draw the samples of seeds `seed` to `seed + count - 1`: uint8 [count, H, W, C], as `Run.sample` does."""
        return _sample(self, count, seed, class_name)

    def draw(self, z: NDArray[np.float32], blend: NDArray[np.float32] | None = None) -> NDArray[np.uint8]:
        """Draw latent points, as `Run.draw` does."""
        return draw_pictures(self.generator, z, blend)


def _sample(source: Run | LoadedWeights, count: int, seed: int, class_name: str | None) -> NDArray[np.uint8]:
    model, names = source.config.model, source.class_names
    z = fixed_z(count, model.latent_dim, model.prior, seed)
    if not names:
        return source.draw(z)
    chosen = None if class_name is None else names.index(class_name)
    return source.draw(z, class_blends(count, len(names), chosen))


def load_weights(path: str | Path) -> LoadedWeights:
    """Load a generator from a .safetensors file, to draw with: of an import, of a run's snapshot, of another program.

    Weights of other programs must be a DCGAN of the published pattern. Files of torch.save (.pth, .ckpt) are imported
    first (gan-studio import).

    Raises:
        EngineError: the file is no such file, is damaged, or holds no generator that can be built.
    """
    weights = read_weights(Path(path))
    names = weights.class_names
    generator = generator_of_file(weights.path, weights.config, weights.generator, len(names))
    left = {name: str(reason) for name, reason in weights.left.items()}
    return LoadedWeights(weights.path, weights.config, generator, names, tuple(map(str, weights.notes)), left)


def load_run(path: str | Path, step: int | None = None) -> Run:
    """Load a run with the generator of its newest checkpoint, or of the snapshot or checkpoint at `step`.

    Raises:
        EngineError: `path` is not a run, or nothing was kept at that step.
    """
    folder = open_run(Path(path))
    file = folder.read()
    config, names = file.config, file.class_names
    moment = None if step is None else kept_moment(folder, step)
    found, tensors = read_generator(folder, moment, config, len(names))
    generator = generator_from(config, tensors.arrays, torch.device("cpu"), len(names))
    return Run(folder, config, found.step, generator, names)


def train(
    config: RunConfig | None = None,
    *,
    preset: str = "quickstart",
    data: str | None = None,
    steps: int | None = None,
    fine_tune: str | Path | None = None,
    fine_tune_step: int | None = None,
    name: str = "",
    out: str | Path | None = None,
    control: TrainingControl | None = None,
) -> Iterator[TrainingEvent]:
    """Train a new run, event by event.

    Args:
        config: the whole set-up, or None to take a preset.
        preset: name of the preset to take without a config. On other pictures than its own, it trains in their colours,
            and at a size for them where it states none. A config is used as it is.
        data: source of pictures; None: the one in the set-up.
        steps: step to stop at; None: the one in the set-up.
        fine_tune: run folder or .safetensors file whose weights the run starts from.
        fine_tune_step: step of that run; None: its newest checkpoint. A snapshot holds the generator alone.
        name: what the run is called; by default its pictures and their number.
        out: run folder to create; by default a new one in the user's documents.
        control: pauses, stops or steers the run while you iterate. If you pass one, you also answer BecameNotFinite
            (with roll_back).

    Raises:
        EngineError: the run cannot start or go on; without a control, also when NaN or infinity appears.
    """
    chosen = load_preset(preset) if config is None else None
    config = chosen.config if chosen is not None else config or RunConfig()
    named = {"data.source": data, "training.steps": steps}
    config = _changed(config, {path: value for path, value in named.items() if value is not None})
    place = Path(out) if out is not None else new_run_place(config, runs_root())
    left = left_to_pictures(chosen, config.data.source) if chosen is not None else frozenset()
    origin = Path(fine_tune) if fine_tune is not None else None
    moment = None if origin is None or fine_tune_step is None else kept_moment(open_run(origin), fine_tune_step)
    request = RunRequest(place, config, fine_tune=origin, fine_tune_from=moment, name=name, left_to_pictures=left)
    job = TrainingJob(request)
    yield from _raising(job, control)


def resume(
    path: str | Path,
    *,
    steps: int | None = None,
    back_to: int | None = None,
    data: str | None = None,
    control: TrainingControl | None = None,
) -> Iterator[TrainingEvent]:
    """Resume a run, bit-exactly where this machine allows it.

    Args:
        path: run folder.
        steps: step to stop at, counted from the start of the run; None: the run's own.
        back_to: step of a checkpoint to go back to first, in a new branch.
        data: where the pictures of the run are now; None: where they were.
        control: pauses, stops or steers the run while you iterate. If you pass one, you also answer BecameNotFinite
            (with roll_back).

    Raises:
        EngineError: the run cannot go on; without a control, also when NaN or infinity appears.
    """
    moment = None if back_to is None else kept_checkpoint(open_run(Path(path)), back_to)
    job = TrainingJob(RunRequest(Path(path), steps=steps, back_to=moment, data=data))
    yield from _raising(job, control)


def _changed(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    try:
        return with_values(config, changes)
    except ValidationError as error:
        raise EngineError(
            Message("config.refused", path="train()", reason=config_fault(error)),
            Message("kept.nothing_begun"),
            Message("todo.see_help"),
        ) from error


def _raising(job: TrainingJob, control: TrainingControl | None) -> Iterator[TrainingEvent]:
    """Yield the events of a job, and raise its failures as EngineError; without a control, NaN is a failure too.

    The job is closed before an error leaves, because a notebook keeps the last error alive and with it the run's lock.
    """
    with closing(job.run(control or TrainingControl())) as events:
        for event in events:
            if isinstance(event, RunFailed):
                raise EngineError(event.happened, event.kept, event.todo)
            yield event
            if isinstance(event, BecameNotFinite) and control is None:
                raise EngineError(
                    Message("fault.met", step=event.step, place=event.place),
                    Message("kept.good_checkpoint", step=event.back_to.step, folder=job.request.place),
                    Message("todo.resume_slower", step=event.back_to.step),
                )
