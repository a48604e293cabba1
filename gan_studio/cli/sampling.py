"""Write samples of a run or of a file of weights, or real pictures, as a sheet, an array file or a folder."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.cli.output import picture_lines
from gan_studio.cli.picture_files import PictureBatch, write_pictures
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.exchange.weights import FOREIGN, SUFFIX, read_weights
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.sampler import generator_from, generator_of_file
from gan_studio.engine.latent import class_blends, fixed_z
from gan_studio.engine.machine.devices import prepare_thread, step_threads
from gan_studio.engine.models.networks import Generator as Network
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import kept_moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.engine.run.places import with_found_path
from gan_studio.engine.text.message import EngineError, Message

SEEDS = 2**64
"""Number of seeds: 0 to 2**64 - 1."""


@dataclass(frozen=True)
class _Source:
    """A generator to draw with.

    Attributes:
        config, class_names: of its run or file.
        step: its training step.
        generator: in eval mode, on the CPU.
        notes: what was changed or assumed when it was read.
        left: tensors of its file that are not used, and why.
    """

    config: RunConfig
    class_names: tuple[str, ...]
    step: int
    generator: Network
    notes: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


def write_samples(
    place: Path,
    out: Path,
    count: int,
    seed: int,
    checkpoint: str,
    *,
    class_name: str | None = None,
    real: bool = False,
    quiet: bool = False,
) -> dict[str, Any]:
    """Draw the samples of seeds `seed` to `seed + count - 1` and write them, a batch at a time.

    Args:
        place: run folder, or a .safetensors file of weights.
        out: FILE.png (one sheet), FILE.npz, or a folder (one PNG for each picture). The .npz holds images uint8
            [N, H, W, C]; for samples also z float32 [N, latent_dim] and, in a class-conditional run, blend float32
            [N, classes].
        count: number of pictures, at least 1.
        seed: seed of the first picture.
        checkpoint: "last", or the step of a kept snapshot or checkpoint of a run.
        class_name: class to draw in a class-conditional run; None takes the classes in turn.
        real: write the first real pictures of a run instead, as the networks see them.
        quiet: show no progress on stderr.

    Returns:
        What was written: "out", "count", "step" of the generator (0 for real pictures). For weights of another program
        also "notes": what was changed and assumed, and "not_used": the tensors that were left, and why.

    Raises:
        EngineError: the run, file, generator or class does not exist, or `out` cannot be written.
    """
    if count < 1 or seed < 0 or seed + count > SEEDS:
        raise _refused(Message("sample.bad_count", count=count, seed=seed))
    prepare_thread(step_threads())
    if real:
        folder = _run_of(place)
        pictures = _real_pictures(with_found_path(folder.read().config, folder), count)
        write_pictures(out, len(pictures), seed, lambda first, last: {"images": pictures[first:last]}, quiet=quiet)
        return {"out": str(out), "count": len(pictures), "step": 0}
    source = _file_source(place, checkpoint) if _is_file(place) else _run_source(_run_of(place), checkpoint)
    chosen = _class_index(source.class_names, class_name)
    write_pictures(out, count, seed, lambda first, last: _draw(source, seed, first, last, chosen), quiet=quiet)
    told = {"out": str(out), "count": count, "step": source.step}
    found = {"notes": list(source.notes), "not_used": dict(source.left)}
    return told | {name: value for name, value in found.items() if value}


def _is_file(place: Path) -> bool:
    return place.suffix.lower() in (*FOREIGN, SUFFIX) and not place.is_dir()


def _run_of(place: Path) -> RunFolder:
    if _is_file(place):
        raise _refused(Message("sample.no_run", path=place))
    return open_run(place)


def _run_source(folder: RunFolder, checkpoint: str) -> _Source:
    file = folder.read()
    config, names = file.config, file.class_names
    moment, tensors = read_generator(folder, _chosen(folder, checkpoint), config, len(names))
    return _Source(config, names, moment.step, generator_from(config, tensors.arrays, torch.device("cpu"), len(names)))


def _file_source(path: Path, checkpoint: str) -> _Source:
    if checkpoint != "last":
        raise _refused(Message("sample.no_run", path=path))
    weights = read_weights(path)
    names = weights.class_names
    generator = generator_of_file(path, weights.config, weights.generator, len(names))
    left = {name: str(reason) for name, reason in weights.left.items()}
    return _Source(weights.config, names, weights.step, generator, tuple(map(str, weights.notes)), left)


def _draw(source: _Source, seed: int, first: int, last: int, chosen: int | None) -> PictureBatch:
    """Draw the pictures at the places `first` to `last - 1`."""
    model, classes = source.config.model, len(source.class_names)
    batch: PictureBatch = {"z": fixed_z(last - first, model.latent_dim, model.prior, seed + first)}
    if classes:
        batch["blend"] = class_blends(last - first, classes, chosen, first)
    return {"images": draw_pictures(source.generator, batch["z"], batch.get("blend")), **batch}


def _chosen(folder: RunFolder, checkpoint: str) -> Moment | None:
    if checkpoint == "last":
        return None
    if not (checkpoint.isascii() and checkpoint.isdecimal() and len(checkpoint) < 16):
        raise EngineError(
            Message("sample.no_checkpoint_called", name=checkpoint),
            Message("kept.nothing_begun"),
            Message("todo.name_checkpoint"),
        )
    return kept_moment(folder, int(checkpoint))


def _class_index(names: tuple[str, ...], class_name: str | None) -> int | None:
    """Return the place of a class, or None for all classes in turn; raises EngineError for an unknown class."""
    if class_name is not None and class_name not in names:
        raise EngineError(
            Message("sample.no_such_class", name=class_name),
            Message("kept.nothing_begun"),
            Message("todo.choose_class", names=", ".join(names) or "-"),
        )
    return None if class_name is None else names.index(class_name)


def _real_pictures(config: RunConfig, count: int) -> NDArray[np.uint8]:
    pictures = read_pictures(config.data)
    for line in picture_lines(pictures.notes, pictures.left_out):
        print(line, file=sys.stderr)
    return pictures.images[:count].transpose(0, 2, 3, 1)


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.file_untouched"), Message("todo.see_help"))
