"""Compare epochs from a folder of JPEGs, after the first: the engine's batches and a DataLoader's, in turn.

    python -m benchmarks.folder_epochs [--folder DIR] [--pictures 2000] [--size 64] [--pairs 5] [--json]

The DataLoader is the published example's: torchvision's ImageFolder, Resize, CenterCrop, ToTensor, Normalize, two
workers. The engine reads the decoded pictures from its cache. Both end in float32 batches from -1 to 1.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from gan_studio.bench.paired import Pairs, in_turn
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.picture_set import PictureSet, read_pictures
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.machine.devices import prepare_thread, step_threads

BATCH = 64
WORKERS = 2
WIDTH, HEIGHT = 178, 218
"""Size of the pictures that are made if no folder is given: that of CelebA, the example's own data set."""


def make_jpegs(folder: Path, count: int) -> None:
    """Write JPEGs of smooth noise into one class folder, as ImageFolder requires."""
    source = np.random.default_rng(0)
    (folder / "pictures").mkdir(parents=True)
    for number in range(count):
        blobs = Image.fromarray(source.integers(0, 256, (14, 11, 3), np.uint8))
        picture = blobs.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        picture.save(folder / "pictures" / f"{number:06d}.jpg", quality=90)


class OurEpoch:
    """An epoch of batches as a run fetches them."""

    def __init__(self, pictures: PictureSet) -> None:
        self._pictures = pictures
        self._order = BatchOrder(len(pictures.train), seed=0)
        self._seen = 0

    def __call__(self) -> float:
        """Go through an epoch; returns seconds a picture."""
        begun, count = time.perf_counter(), 0
        while count < len(self._pictures.train):
            indices = self._pictures.train[self._order.indices(self._seen, BATCH)]
            count += len(to_model_range(torch.from_numpy(take(self._pictures.images, indices))))
            self._seen += BATCH
        return (time.perf_counter() - begun) / count


class StockEpoch:
    """An epoch of batches of the published example's DataLoader."""

    def __init__(self, folder: Path, size: int) -> None:
        steps = [transforms.Resize(size), transforms.CenterCrop(size), transforms.ToTensor()]
        steps.append(transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)))
        data = ImageFolder(str(folder), transform=transforms.Compose(steps))
        self._loader: DataLoader[Any] = DataLoader(data, batch_size=BATCH, shuffle=True, num_workers=WORKERS)

    def __call__(self) -> float:
        """Go through an epoch; returns seconds a picture."""
        begun, count = time.perf_counter(), 0
        for images, _ in self._loader:
            count += len(images)
        return (time.perf_counter() - begun) / count


def measure(folder: Path, size: int, pairs: int) -> tuple[Pairs, float]:
    """Time both; returns the pairs, and the seconds that decoding one picture takes in the first epoch."""
    begun = time.perf_counter()
    pictures = read_pictures(DataConfig.model_validate({"source": str(folder), "image_size": size, "channels": 3}))
    decoding = (time.perf_counter() - begun) / len(pictures.images)
    return in_turn(OurEpoch(pictures), StockEpoch(folder, size), pairs, warm_up=1), decoding


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="class folders of JPEGs; made if none is given")
    parser.add_argument("--pictures", type=int, default=2000, help="number of pictures to make")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    prepare_thread(step_threads())
    with tempfile.TemporaryDirectory() as place:
        os.environ["GAN_STUDIO_CACHE"] = str(Path(place) / "cache")
        folder = options.folder or Path(place) / "jpegs"
        if options.folder is None:
            make_jpegs(folder, options.pictures)
        pairs, decoding = measure(folder, options.size, options.pairs)
    low, ratio, high = pairs.ratios
    facts = {
        "ratio": ratio,
        "quartiles": [low, high],
        "our_pictures_per_second": 1 / pairs.our_seconds,
        "stock_pictures_per_second": 1 / pairs.their_seconds,
        "first_epoch_pictures_per_second": 1 / decoding,
    }
    if options.json:
        print(json.dumps(facts))
        return 0
    print(f"epochs from JPEGs at {options.size} px: ours {1 / pairs.our_seconds:,.0f} pictures/s,")
    print(f"stock loader {1 / pairs.their_seconds:,.0f} pictures/s: {ratio:.1f} x (quartiles {low:.1f} to {high:.1f});")
    print(f"our first epoch decodes {1 / decoding:,.0f} pictures/s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
