"""One timed training step of ours and of the published loop, on the same pictures and the same z."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_studio.bench.matrix_product import now
from gan_studio.bench.stock_loop import StockLoop, StockNumbers, tensors_in_order
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.batches import BatchOrder
from gan_studio.engine.data.feed import RealBatch
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.kernels.switch import use_fused_kernels
from gan_studio.engine.latent import draw_z
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan
from gan_studio.engine.randomness import Stream, generator_at
from gan_studio.engine.replay.captured import CapturedStep
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.state import build_state
from gan_studio.engine.step.step import StepSettings
from gan_studio.engine.training.metric_buffer import MetricBuffer


@dataclass(frozen=True)
class Setup:
    """Picture size and channels, network width and batch size of one measurement."""

    image_size: int
    channels: int
    width: int
    batch_size: int

    def __str__(self) -> str:
        return f"{self.image_size}x{self.image_size}x{self.channels} width {self.width} batch {self.batch_size}"

    @property
    def config(self) -> RunConfig:
        """The set-up with these sizes and the default settings, which are those of the published loop."""
        return with_values(
            RunConfig(),
            {
                "data.image_size": self.image_size,
                "data.channels": self.channels,
                "model.width": self.width,
                "training.batch_size": self.batch_size,
            },
        )


class Feed:
    """Batches of the starter pictures with their z; every Feed of a set-up yields the same ones."""

    def __init__(self, config: RunConfig, device: torch.device) -> None:
        self._pictures = starter_pictures(config)
        self._order = BatchOrder(len(self._pictures), config.seed)
        self._shape = (config.training.batch_size, config.model.latent_dim)
        self._config, self._device, self._step = config, device, 0

    def next(self) -> tuple[Tensor, Tensor]:
        """Return the next batch: images uint8 [N, C, H, W] and z [N, latent_dim], both on the device."""
        images = torch.from_numpy(self._pictures[self._order.indices(self._step * self._shape[0], self._shape[0])])
        source = generator_at(self._config.seed, Stream.TRAINING_Z, self._step)
        z = torch.from_numpy(draw_z(source, self._shape, self._config.model.prior))
        self._step += 1
        return images.to(self._device), z.to(self._device, torch.get_default_dtype())


def starter_pictures(config: RunConfig) -> NDArray[np.uint8]:
    """Read the training pictures of the set-up: uint8 [N, C, H, W]."""
    pictures = read_pictures(config.data)
    return pictures.images[pictures.train]


class OurStep:
    """Training steps of the engine; their metrics stay on the device, as in a run.

    Attributes:
        state: networks and optimizers.
        captured: does the steps.
        losses: loss_d, loss_g, D(x), D(G(z)) before and after D's update, of the last call.
    """

    def __init__(
        self,
        config: RunConfig,
        feed: Feed,
        device: torch.device,
        precision: str = "float32",
        *,
        captured: bool = True,
        kernels: str = "torch",
    ) -> None:
        self.state = build_state(config, device)
        if kernels == "triton":
            use_fused_kernels(self.state.generator, self.state.discriminator)
        self._feed, self._metrics = feed, MetricBuffer(device)
        self.captured = CapturedStep(self.state, StepSettings(config.training.loss, precision), is_on=captured)

    def __call__(self) -> float:
        """Do one step; returns its seconds."""
        images, z = self._feed.next()
        begun = now(images.device)
        scalars = self.learn(images, z)
        seconds = now(images.device) - begun
        self.losses = [scalar.item() for scalar in scalars[:5]]
        return seconds

    def learn(self, images: Tensor, z: Tensor) -> list[Tensor]:
        """Do one step on a batch of `Feed.next`; returns its metrics, on the device."""
        if self._metrics.is_full:
            self._metrics.flush()
        noise = StepNoise(0, self.state.step, images.device)
        scalars = self.captured.step([RealBatch(images, None)], [z], noise)
        self._metrics.append(self.state.step, scalars)
        return scalars


class StockStep:
    """Training steps of the published loop, on float32 images as its data loader yields them."""

    def __init__(self, config: RunConfig, feed: Feed, device: torch.device) -> None:
        self.loop = StockLoop(config, device)
        self._feed = feed

    def __call__(self) -> float:
        """Do one step; returns its seconds."""
        images, z = self._feed.next()
        real, noise = to_model_range(images).contiguous().to(z.dtype), z[:, :, None, None]
        begun = now(real.device)
        self.losses: StockNumbers = self.loop.step(real, noise)
        return now(real.device) - begun


def disagreement(config: RunConfig, device: torch.device) -> float:
    """Do one step of each loop from the same weights; returns the largest difference in any loss, weight or statistic.

    The steps are done in float64 on a batch of four. In float32, rounding decides on which side of zero the input of a
    leaky ReLU or a tiny gradient falls, and Adam's first step is the sign of the gradient. (The engine computes its
    losses in float32.)
    """
    config = with_values(config, {"training.batch_size": 4})
    torch.set_default_dtype(torch.float64)
    try:
        ours = OurStep(config, Feed(config, device), device)
        stock = StockStep(config, Feed(config, device), device)
        ours.state.discriminator.register_forward_pre_hook(lambda network, inputs: (inputs[0].double(),))
        stock.loop.take_weights(ours.state)
        ours()
        stock()
    finally:
        torch.set_default_dtype(torch.float32)
    differences = [abs(mine - theirs) for mine, theirs in zip(ours.losses, stock.losses, strict=True)]
    networks = ((ours.state.generator, stock.loop.generator), (ours.state.discriminator, stock.loop.discriminator))
    for mine, theirs in networks:
        for tensor, other in zip(tensors_in_order(mine), tensors_in_order(theirs), strict=True):
            differences.append((tensor - other).abs().max().item())
    return max(differences)


def step_operations(config: RunConfig) -> float:
    """Count the floating-point operations of the convolutions in one step.

    A layer takes 16 * in * out * positions multiply-adds for each picture, where positions are those of the smaller of
    its two feature maps. Each layer of D does this three times forward (real, fake, fake after its update), twice for
    the gradient of its weights and three times for the gradient of its input, of which the first layer needs only one.
    Each layer of G does it once forward, once for the gradient of its weights and once for that of its input, which
    the first layer does not need. A multiply-add counts as two operations.
    """
    generator, discriminator = generator_plan(config), discriminator_plan(config)
    passes = [(layer, 3 + 2 + (3 if index else 1)) for index, layer in enumerate(discriminator)]
    passes += [(layer, 1 + 1 + (1 if index else 0)) for index, layer in enumerate(generator)]
    multiply_adds = sum(_multiply_adds(layer) * count for layer, count in passes)
    return 2.0 * multiply_adds * config.training.batch_size


def _multiply_adds(layer: LayerPlan) -> int:
    return 16 * layer.in_channels * layer.out_channels * min(layer.in_size, layer.out_size) ** 2
