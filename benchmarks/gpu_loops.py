"""Whole training loops on a device, batches included: a run's, and the published one with its DataLoader."""

from collections.abc import Generator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from gan_studio.bench.stock_loop import StockLoop, StockNumbers
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.kernels.switch import use_fused_kernels
from gan_studio.engine.machine.kernel_trial import can_fuse
from gan_studio.engine.replay.captured import CapturedStep
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.state import build_state
from gan_studio.engine.step.step import StepSettings
from gan_studio.engine.step.values import structure_of
from gan_studio.engine.training.metric_buffer import MetricBuffer

EPOCH = 200_000
"""Pictures in an epoch of the published loop, as many as CelebA has: its workers restart after each epoch."""


def best_kernels(device: torch.device) -> str:
    """Name the kernels that a run uses on a device: "triton" or "torch"."""
    return "triton" if device.type == "cuda" and can_fuse(str(device)) else "torch"


class RunSteps:
    """The steps of a run, from its pictures to its metrics on the device; nothing is written to disk.

    Attributes:
        state: networks and optimizers, which the steps change.
        captured: the object that does the steps.
    """

    def __init__(
        self,
        config: RunConfig,
        pictures: PictureSet,
        device: torch.device,
        precision: str,
        *,
        captured: bool,
        kernels: str = "torch",
    ) -> None:
        self.state = build_state(config, device)
        if kernels == "triton":
            use_fused_kernels(self.state.generator, self.state.discriminator)
        self._config, self._device = config, device
        self._feed, self._metrics = PictureFeed(config, pictures, device), MetricBuffer(device)
        self.captured = CapturedStep(self.state, StepSettings(config.training.loss, precision), is_on=captured)

    def __call__(self) -> None:
        """Do a step."""
        structure, model = structure_of(self.state), self._config.model
        batch = self._feed.batch(self.state.pictures_seen, structure.batch_size)
        noise = StepNoise(self._config.seed, self.state.step, self._device)
        z = noise.z(1, structure.batch_size, model.latent_dim, model.prior)
        scalars = self.captured.step([batch], z, noise)
        if self._metrics.is_full:
            self._metrics.flush()
        self._metrics.append(self.state.step, scalars)


class MadeReady(Dataset[Tensor]):
    """Pictures in memory, each scaled as the published loop's transforms do: float32, -1 to 1.

    They are already decoded, so this is faster than the published example, which opens a JPEG for each.
    """

    def __init__(self, images: NDArray[np.uint8]) -> None:
        self._images = images

    def __len__(self) -> int:
        """Return the length of an epoch; pictures repeat if there are fewer than EPOCH."""
        return max(EPOCH, len(self._images))

    def __getitem__(self, index: int) -> Tensor:
        """Return picture `index`, float32 [C, H, W]."""
        return torch.from_numpy(self._images[index % len(self._images)]).float().div_(127.5).sub_(1)


class LoaderSteps:
    """The steps of the published loop with its DataLoader: workers, pinned memory, z drawn on the device."""

    def __init__(self, config: RunConfig, images: NDArray[np.uint8], device: torch.device, workers: int) -> None:
        self._loop = StockLoop(config, device)
        self._device, self._shape = device, (config.training.batch_size, config.model.latent_dim, 1, 1)
        self._loader: DataLoader[Any] = DataLoader(
            MadeReady(images),
            batch_size=config.training.batch_size,
            shuffle=True,
            num_workers=workers,
            pin_memory=device.type == "cuda",
            drop_last=True,
        )
        self._batches = self._forever()

    def __call__(self) -> StockNumbers:
        """Do a step; returns the numbers that the loop prints."""
        real = next(self._batches).to(self._device)
        return self._loop.step(real, torch.randn(self._shape, device=self._device))

    def close(self) -> None:
        """End the workers."""
        self._batches.close()

    def _forever(self) -> Generator[Tensor, None, None]:
        while True:
            yield from self._loader
