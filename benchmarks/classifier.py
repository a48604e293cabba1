"""A small classifier of garments or digits, trained on the real pictures: it names what a generator draws.

`python -m benchmarks.classifier` prints its accuracy on the 1 000 held-out pictures.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.machine.devices import prepare_thread

CLASSES = (
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
"""Class names, in the order of the data set's labels."""

SEED = 0
EPOCHS = 4
LAST_MAP = 11
"""Number of layers up to and including the last ReLU."""

BATCH = 100


class Classifier:
    """A classifier of pictures of 32x32 pixels.

    Attributes:
        accuracy: share of the held-out pictures that it names correctly.
    """

    def __init__(self, epochs: int = EPOCHS, data: str = "fashion-mnist") -> None:
        torch.manual_seed(SEED)
        self._network = _network()
        images, labels = labelled("train", data)
        self._train(_scaled(images), torch.from_numpy(labels), epochs)
        held_out, answers = labelled("held-out", data)
        self.accuracy = float((self.probabilities(held_out).argmax(1) == answers).mean())

    @torch.no_grad()
    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probability of each class.

        Args:
            pictures: uint8 [N, 1, 32, 32].

        Returns:
            float32 [N, 10]; each row sums to 1.
        """
        self._network.eval()
        chunks = [self._network(part).softmax(1) for part in torch.split(_scaled(pictures), 250)]
        answer: NDArray[np.float32] = torch.cat(chunks).numpy()
        return answer

    @torch.no_grad()
    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the spatial means of the last maps, float64 [N, 64], for pictures uint8 [N, 1, 32, 32]."""
        self._network.eval()
        maps = self._network[:LAST_MAP]
        averages = [maps(part).mean((2, 3)) for part in torch.split(_scaled(pictures), 250)]
        answer: NDArray[np.float64] = torch.cat(averages).double().numpy()
        return answer

    def _train(self, images: Tensor, labels: Tensor, epochs: int) -> None:
        optimizer = torch.optim.Adam(self._network.parameters(), lr=2e-3)
        steps = epochs * (len(images) // BATCH)
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


def labelled(part: str, data: str = "fashion-mnist") -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Read the starter pictures as the networks see them, uint8 [N, 1, 32, 32], with their labels, int64 [N].

    Args:
        part: "train", or "held-out" for the pictures that nothing is trained on.
        data: name of a starter set of ten classes, grey, 28 x 28.
    """
    pictures = read_pictures(DataConfig(source=f"starter:{data}", image_size=32, channels=1))
    chosen = pictures.train if part == "train" else pictures.held_out
    if pictures.labels is None:
        raise ValueError("the starter pictures have no labels")
    return pictures.images[chosen], pictures.labels[chosen]


def _network() -> nn.Sequential:
    def block(channels: int, wider: int) -> list[nn.Module]:
        return [nn.Conv2d(channels, wider, 3, padding=1), nn.BatchNorm2d(wider), nn.ReLU(), nn.MaxPool2d(2)]

    head = [nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 4 * 4, 10)]
    return nn.Sequential(*block(1, 24), *block(24, 48), *block(48, 64), *head)


def _scaled(pictures: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(pictures).float().div_(255)


def main() -> int:
    """Train a classifier and print its accuracy."""
    prepare_thread(torch.get_num_threads())
    print(f"accuracy on 1 000 held-out pictures: {Classifier().accuracy:.1%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
