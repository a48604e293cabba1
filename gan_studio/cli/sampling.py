"""Write samples of a run, or its real pictures, as a sheet, an array file or a folder."""

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gan_studio.cli.output import picture_lines
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.data.pixels import tile_grid
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.explore.sampler import generator_from
from gan_studio.engine.files import atomic
from gan_studio.engine.files.pictures import write_picture
from gan_studio.engine.latent import class_blends, fixed_z
from gan_studio.engine.machine.devices import prepare_thread, step_threads
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import kept_moment
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.run.folder import RunFolder, open_run
from gan_studio.engine.run.places import with_found_path
from gan_studio.engine.text.message import EngineError, Message

SEEDS = 2**64
"""Number of seeds: 0 to 2**64 - 1."""


def write_samples(
    place: Path,
    out: Path,
    count: int,
    seed: int,
    checkpoint: str,
    *,
    class_name: str | None = None,
    real: bool = False,
) -> dict[str, Any]:
    """Draw the samples of seeds `seed` to `seed + count - 1` and write them.

    Args:
        place: run folder.
        out: FILE.png (one sheet), FILE.npz, or a folder (one PNG for each picture). The .npz holds images uint8
            [N, H, W, C]; for samples also z float32 [N, latent_dim] and, in a class-conditional run, blend float32
            [N, classes].
        count: number of pictures, at least 1.
        seed: seed of the first picture.
        checkpoint: "last", or the step of a kept snapshot or checkpoint.
        class_name: class to draw in a class-conditional run; None takes the classes in turn.
        real: write the first real pictures instead, as the networks see them.

    Returns:
        What was written: "out", "count", and "step" of the generator (0 for real pictures).

    Raises:
        EngineError: the run, generator or class does not exist, or `out` cannot be written.
    """
    folder = open_run(place)
    file = folder.read()
    config, names = file.config, file.class_names
    if count < 1 or seed < 0 or seed + count > SEEDS:
        raise _refused(Message("sample.bad_count", count=count, seed=seed))
    arrays: dict[str, NDArray[Any]] = {}
    prepare_thread(step_threads())
    if real:
        step, arrays["images"] = 0, _real_pictures(with_found_path(config, folder), count)
    else:
        moment, tensors = read_generator(folder, _chosen(folder, checkpoint), config, len(names))
        z = fixed_z(count, config.model.latent_dim, config.model.prior, seed)
        blend = _blend(names, class_name, count)
        generator = generator_from(config, tensors.arrays, torch.device("cpu"), len(names))
        step, arrays = moment.step, {"images": draw_pictures(generator, z, blend), "z": z}
        if blend is not None:
            arrays["blend"] = blend
    try:
        _write(arrays, out, seed)
    except OSError as error:
        raise _refused(Message("sample.not_written", path=out, error=error.strerror or error)) from error
    return {"out": str(out), "count": len(arrays["images"]), "step": step}


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


def _blend(names: tuple[str, ...], class_name: str | None, count: int) -> NDArray[np.float32] | None:
    """Return the class weights of each picture: float32 [count, classes], or None in a run without classes."""
    if class_name is not None and class_name not in names:
        raise EngineError(
            Message("sample.no_such_class", name=class_name),
            Message("kept.nothing_begun"),
            Message("todo.choose_class", names=", ".join(names) or "-"),
        )
    if not names:
        return None
    return class_blends(count, len(names), None if class_name is None else names.index(class_name))


def _real_pictures(config: RunConfig, count: int) -> NDArray[np.uint8]:
    pictures = read_pictures(config.data)
    for line in picture_lines(pictures.notes, pictures.left_out):
        print(line, file=sys.stderr)
    return pictures.images[:count].transpose(0, 2, 3, 1)


def _write(arrays: dict[str, NDArray[Any]], out: Path, seed: int) -> None:
    images = arrays["images"]
    if out.suffix.lower() == ".npz":
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **arrays)
        atomic.write_atomically(out, [buffer.getvalue()])
    elif out.suffix.lower() == ".png":
        columns = int(np.ceil(np.sqrt(len(images))))
        write_picture(out, tile_grid(images, columns))
    elif out.suffix:
        raise _refused(Message("sample.other_kind", suffix=out.suffix))
    else:
        out.mkdir(parents=True, exist_ok=True)
        for number, image in enumerate(images, seed):
            write_picture(out / f"seed-{number:06d}.png", image)


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.file_untouched"), Message("todo.see_help"))
