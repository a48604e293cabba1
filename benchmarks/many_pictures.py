"""Measure the memory of an epoch: 10 000, 100 000 and 1 000 000 random pictures of 32x32x3, a process for each.

    python -m benchmarks.many_pictures [--counts 10000 100000 1000000] [--place DIR] [--json]

Each process loads the set (a .npy file) through the cache, goes through one epoch as a run does, and prints the most
memory that it held. Anonymous memory is its own; file memory is the part of the picture file that is mapped in. Needs
6.2 GB in DIR for a million pictures; Linux only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from numpy.lib import format as npy

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.picture_set import load_pictures
from gan_studio.engine.data.pixels import to_model_range

SHAPE = (32, 32, 3)
BATCH = 64
CHUNK = 10_000
LOOK_EVERY = 50
"""Batches between two measurements of the memory."""


class Watermark:
    """The most memory of each kind that was seen, in MiB."""

    def __init__(self) -> None:
        self.anonymous = self.file = 0.0

    def look(self) -> None:
        """Read this process's memory from the kernel."""
        status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        kibibytes = {line.split(":")[0]: int(line.split()[1]) for line in status if line.startswith("Rss")}
        self.anonymous = max(self.anonymous, kibibytes["RssAnon"] / 1024)
        self.file = max(self.file, (kibibytes["RssFile"] + kibibytes["RssShmem"]) / 1024)


def make_pictures(path: Path, count: int) -> None:
    """Write `count` random pictures to one .npy file, a chunk at a time."""
    source = np.random.default_rng(0)
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": (count, *SHAPE)})
        for start in range(0, count, CHUNK):
            file.write(source.bytes(min(CHUNK, count - start) * int(np.prod(SHAPE))))


def go_through(path: Path) -> dict[str, float]:
    """Load a set and go through an epoch; returns the most memory while loading and in the epoch, in MiB."""
    idle, loading, epoch = Watermark(), Watermark(), Watermark()
    idle.look()
    job = load_pictures(DataConfig(source=str(path), channels=3))
    while True:
        try:
            next(job)
        except StopIteration as end:
            pictures = end.value
            break
        loading.look()
    order = BatchOrder(len(pictures.train), seed=0)
    for number, position in enumerate(range(0, len(pictures.train), BATCH)):
        batch = take(pictures.images, pictures.train[order.indices(position, BATCH)])
        to_model_range(torch.from_numpy(batch))
        if number % LOOK_EVERY == 0:
            epoch.look()
    marks = {"idle": idle, "loading": loading, "epoch": epoch}
    facts = {f"{name}_anonymous": mark.anonymous for name, mark in marks.items()}
    return {"pictures": len(pictures.images)} | facts | {f"{name}_file": mark.file for name, mark in marks.items()}


def in_a_process(count: int, place: Path) -> dict[str, float]:
    """Make a set, go through it in a separate process, and remove it."""
    path, cache = place / f"{count}.npy", place / "cache"
    make_pictures(path, count)
    command = [sys.executable, "-m", "benchmarks.many_pictures", "--child", str(path)]
    environment = {**os.environ, "GAN_STUDIO_CACHE": str(cache)}
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    for made in (path, *cache.iterdir()):
        made.unlink()
    facts: dict[str, float] = json.loads(answer.stdout)
    return facts


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--place", type=Path, help="folder for the pictures (default: a temporary one)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        print(json.dumps(go_through(options.child)))
        return 0
    rows = []
    with tempfile.TemporaryDirectory(dir=options.place) as place:
        for count in options.counts:
            rows.append(in_a_process(count, Path(place)))
            if not options.json:
                _print(rows[-1])
    if options.json:
        print(json.dumps(rows))
    return 0


def _print(row: dict[str, float]) -> None:
    print(f"{row['pictures']:>9,} pictures, MiB anonymous + file:", end=" ", flush=True)
    moments = ("idle", "loading", "epoch")
    print(", ".join(f"{name} {row[f'{name}_anonymous']:.0f} + {row[f'{name}_file']:.0f}" for name in moments))


if __name__ == "__main__":
    raise SystemExit(main())
