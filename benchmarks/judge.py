"""Judge what a generator draws with a classifier: which classes, and how far from the held-out pictures."""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from benchmarks.classifier import Classifier, frechet_distance, labelled
from gan_studio.engine.data.pixels import tile_grid
from gan_studio.engine.explore.drawing import draw_pictures
from gan_studio.engine.latent import Prior, fixed_z
from gan_studio.engine.models.networks import Generator

LEAST_SHARE = 0.3
"""A class counts as drawn from this part of its share of the real pictures on: from 3 % where ten are alike."""
RESTATING_BATCHES = 10


@dataclass(frozen=True)
class Verdict:
    """The judgement of one generator's pictures.

    Attributes:
        classes: number of classes drawn, each in at least LEAST_SHARE of its share of the real pictures.
        shares: share of each class.
        confidence: mean probability of the class named.
        distance: Frechet distance from the held-out pictures, over 64 features of this classifier; lower is better.
    """

    classes: int
    shares: tuple[float, ...]
    confidence: float
    distance: float


class Judge:
    """Judges generators by the samples that they draw.

    Attributes:
        z: float32 [samples, latent_dim], the z of seeds 0, 1, 2 and so on.
    """

    def __init__(self, classifier: Classifier, samples: int, latent_dim: int, prior: Prior) -> None:
        self._classifier = classifier
        self._held_out = classifier.features(labelled("held-out", classifier.data)[0])
        self.z = fixed_z(samples, latent_dim, prior)

    def look(self, generator: Generator) -> tuple[Verdict, NDArray[np.uint8]]:
        """Draw from every z; returns the verdict and the pictures, uint8 [samples, H, W, C]."""
        drawn = draw_pictures(generator, self.z)
        return self.verdict(np.ascontiguousarray(drawn.transpose(0, 3, 1, 2))), drawn

    def verdict(self, pictures: NDArray[np.uint8]) -> Verdict:
        """Judge pictures, uint8 [N, C, size, size]."""
        probabilities = self._classifier.probabilities(pictures)
        real = self._classifier.shares
        shares = np.bincount(probabilities.argmax(1), minlength=len(real)) / len(pictures)
        return Verdict(
            int((shares >= LEAST_SHARE * real).sum()),
            tuple(float(share) for share in shares),
            float(probabilities.max(1).mean()),
            frechet_distance(self._classifier.features(pictures), self._held_out),
        )


@torch.no_grad()
def restate(generator: Generator, z: NDArray[np.float32]) -> Generator:
    """Copy a generator and measure its batch-norm statistics again, on fixed batches of z [N, latent_dim]."""
    copied = copy.deepcopy(generator).train()
    for module in copied.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain mean over the batches
    for batch in torch.from_numpy(z).chunk(RESTATING_BATCHES):
        copied(batch)
    return copied.eval()


def save_sheet(pictures: NDArray[np.uint8], path: Path) -> None:
    """Save pictures, uint8 [N, H, W, C], as a PNG with ten in a row, enlarged twice."""
    sheet = tile_grid(pictures, 10).repeat(2, axis=0).repeat(2, axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet.squeeze(2) if sheet.shape[2] == 1 else sheet).save(path)
