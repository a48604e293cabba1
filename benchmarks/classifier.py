"""A small classifier of labelled pictures, trained on the real ones: it names what a generator draws.

`python -m benchmarks.classifier [SOURCE]` prints its accuracy on the held-out pictures (SOURCE: Fashion-MNIST).
"""

import argparse

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, cross_entropy

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.devices import prepare_thread

FASHION = DataConfig(source="starter:fashion-mnist", image_size=32, channels=1)
"""The pictures of quickstart, as its networks see them."""

SEED = 0
EPOCHS = 4
MOST = 20_000
"""Pictures that the classifier learns from; more make it slow, and hardly better."""

LEAST_STEPS = 360
"""A small set is passed over more often, so that the classifier learns as long as from the garments."""

LAST_MAP = 11
"""Number of layers up to and including the last ReLU, for pictures of 32 pixels."""

BATCH = 100
SIDE = 32
"""Pixels on a side of what the classifier sees; larger pictures are averaged down."""


def data_of(source: str, channels: int = 3, image_size: int = 32) -> DataConfig:
    """Return the settings of labelled pictures as a judge sees them; colour pictures are mirrored in training."""
    size = DataConfig(source=source, image_size=image_size, channels=channels)  # type: ignore[arg-type]
    return size.model_copy(update={"flip": channels > 1})


class Classifier:
    """A classifier of pictures of 32x32 or 64x64 pixels.

    Attributes:
        data: the pictures that it knows.
        accuracy: share of the held-out pictures that it names correctly.
        shares: share of each class among the real pictures, float64 [classes].
    """

    def __init__(self, epochs: int = EPOCHS, data: DataConfig = FASHION) -> None:
        torch.manual_seed(SEED)
        self.data = data
        images, labels = labelled("train", data)
        self.shares = np.bincount(labels) / len(labels)
        self._network = _network(data.channels, len(self.shares))
        self._train(_scaled(images[:MOST]), torch.from_numpy(labels[:MOST]), epochs)
        held_out, answers = labelled("held-out", data)
        self.accuracy = float((self.probabilities(held_out).argmax(1) == answers).mean())

    @torch.no_grad()
    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probability of each class.

        Args:
            pictures: uint8 [N, C, size, size].

        Returns:
            float32 [N, classes]; each row sums to 1.
        """
        self._network.eval()
        chunks = [self._network(part).softmax(1) for part in torch.split(_scaled(pictures), 250)]
        answer: NDArray[np.float32] = torch.cat(chunks).numpy()
        return answer

    @torch.no_grad()
    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the spatial means of the last maps, float64 [N, 64], for pictures uint8 [N, C, size, size]."""
        self._network.eval()
        maps = self._network[:LAST_MAP]
        averages = [maps(part).mean((2, 3)) for part in torch.split(_scaled(pictures), 250)]
        answer: NDArray[np.float64] = torch.cat(averages).double().numpy()
        return answer

    def _train(self, images: Tensor, labels: Tensor, epochs: int) -> None:
        optimizer = torch.optim.Adam(self._network.parameters(), lr=2e-3)
        batches = -(-len(images) // BATCH)
        epochs = max(epochs, round(epochs * LEAST_STEPS / (EPOCHS * batches)))
        steps = epochs * batches
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps)
        self._network.train()
        for _ in range(epochs):
            for chosen in torch.split(torch.randperm(len(images)), BATCH):
                optimizer.zero_grad()
                loss = cross_entropy(self._network(images[chosen]), labels[chosen])
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                schedule.step()


def frechet_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the Frechet distance between features [N, D] and [M, D] (Heusel et al. 2017, equation 6)."""
    shift = one.mean(0) - other.mean(0)
    spread, other_spread = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    overlap = np.sqrt(np.linalg.eigvals(spread @ other_spread).real.clip(min=0)).sum()
    return float(shift @ shift + np.trace(spread) + np.trace(other_spread) - 2 * overlap)


def labelled(part: str, data: DataConfig = FASHION) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read pictures as the networks see them, uint8 [N, C, size, size], with their labels, int64 [N].

    Args:
        part: "train", or "held-out" for the pictures that nothing is trained on.
        data: the pictures.

    Raises:
        ValueError: the pictures have no labels.
    """
    pictures = read_pictures(data)
    chosen = pictures.train if part == "train" else pictures.held_out
    if pictures.labels is None:
        raise ValueError(f"{data.source} has no labels")
    return pictures.images[chosen], pictures.labels[chosen]


def _network(channels: int, classes: int) -> nn.Sequential:
    def block(channels: int, wider: int) -> list[nn.Module]:
        return [nn.Conv2d(channels, wider, 3, padding=1), nn.BatchNorm2d(wider), nn.ReLU(), nn.MaxPool2d(2)]

    head = [nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 4 * 4, classes)]
    return nn.Sequential(*block(channels, 24), *block(24, 48), *block(48, 64), *head)


def _scaled(pictures: NDArray[np.uint8]) -> Tensor:
    scaled = torch.from_numpy(np.ascontiguousarray(pictures)).float().div_(255)
    return avg_pool2d(scaled, scaled.shape[2] // SIDE) if scaled.shape[2] > SIDE else scaled


def main() -> int:
    """Train a classifier and print its accuracy."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", nargs="?", help="labelled pictures (Fashion-MNIST); they are seen at 32x32 in colour")
    source = parser.parse_args().source
    prepare_thread(torch.get_num_threads())
    print(f"accuracy on held-out pictures: {Classifier(data=data_of(source) if source else FASHION).accuracy:.1%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
