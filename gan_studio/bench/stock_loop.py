"""The published PyTorch DCGAN example, restated: the loop that our step is compared with.

After `dcgan/main.py` of github.com/pytorch/examples (BSD-3) and the DCGAN tutorial on pytorch.org, which share their
networks and their loop: one pixel of noise into a transposed convolution, probabilities out of D, BCELoss against a
tensor of labels, two backward passes for D and one for G, plain Adam, and five numbers fetched from the device in
every step. For pictures of 32 pixels the networks have one layer less.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.plan import LayerPlan, discriminator_plan, generator_plan
from gan_studio.engine.step.state import TrainingState

REAL, FAKE = 1.0, 0.0


class StockNumbers(NamedTuple):
    """The numbers that the published loop prints: losses, D(x), and D(G(z)) before and after D's update."""

    loss_d: float
    loss_g: float
    d_x: float
    d_g_z1: float
    d_g_z2: float


class StockLoop:
    """Networks, optimizers and step of the published example, in contiguous memory format.

    Attributes:
        generator: float [N, latent_dim, 1, 1] -> [N, C, H, W], -1 to 1.
        discriminator: float [N, C, H, W] -> probabilities [N, 1, 1, 1].
        optimizer_g, optimizer_d: plain Adam.
    """

    def __init__(self, config: RunConfig, device: torch.device) -> None:
        training = config.training
        betas = (training.beta1, training.beta2)
        self._device = device
        self._criterion = nn.BCELoss()
        self.generator = nn.Sequential(*_generator_layers(generator_plan(config))).to(device)
        self.discriminator = nn.Sequential(*_discriminator_layers(discriminator_plan(config))).to(device)
        for network in (self.generator, self.discriminator):
            network.apply(_draw_weights)
        self.optimizer_d = torch.optim.Adam(self.discriminator.parameters(), lr=training.learning_rate_d, betas=betas)
        self.optimizer_g = torch.optim.Adam(self.generator.parameters(), lr=training.learning_rate_g, betas=betas)

    def step(self, real: Tensor, noise: Tensor) -> StockNumbers:
        """Learn from one batch.

        Args:
            real: float32 [N, C, H, W], -1 to 1, as the example's data loader hands it over.
            noise: float32 [N, latent_dim, 1, 1].
        """
        # Update discriminator: maximise log(D(x)) + log(1 - D(G(z))).
        self.discriminator.zero_grad()
        labels = torch.full((len(real),), REAL, dtype=real.dtype, device=self._device)
        output = self.discriminator(real).view(-1)
        loss_real = self._criterion(output, labels)
        loss_real.backward()
        d_x = output.mean().item()
        fake = self.generator(noise)
        labels.fill_(FAKE)
        output = self.discriminator(fake.detach()).view(-1)
        loss_fake = self._criterion(output, labels)
        loss_fake.backward()
        d_g_z1 = output.mean().item()
        loss_d = loss_real + loss_fake
        self.optimizer_d.step()

        # Update generator: maximise log(D(G(z))).
        self.generator.zero_grad()
        labels.fill_(REAL)
        output = self.discriminator(fake).view(-1)
        loss_g = self._criterion(output, labels)
        loss_g.backward()
        d_g_z2 = output.mean().item()
        self.optimizer_g.step()
        return StockNumbers(loss_d.item(), loss_g.item(), d_x, d_g_z1, d_g_z2)

    @torch.no_grad()
    def take_weights(self, state: TrainingState) -> None:
        """Copy the weights and batch norm statistics of one of our states."""
        for theirs, ours in ((self.generator, state.generator), (self.discriminator, state.discriminator)):
            for mine, other in zip(tensors_in_order(theirs), tensors_in_order(ours), strict=True):
                mine.copy_(other)


def tensors_in_order(network: nn.Module) -> list[Tensor]:
    """List the kernels from first to last, then the state of each batch norm: the same order in both loops."""
    kernels = [parameter for parameter in network.parameters() if parameter.dim() == 4]
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    return [*kernels, *(tensor for norm in norms for tensor in norm.state_dict().values())]


def _generator_layers(plan: tuple[LayerPlan, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for layer in plan:
        padding = 0 if layer.stride == 1 else 1
        convolution = nn.ConvTranspose2d(layer.in_channels, layer.out_channels, 4, layer.stride, padding, bias=False)
        layers.append(convolution)
        if layer.batch_norm:
            layers += [nn.BatchNorm2d(layer.out_channels), nn.ReLU(True)]
    return [*layers, nn.Tanh()]


def _discriminator_layers(plan: tuple[LayerPlan, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for layer in plan:
        padding = 0 if layer.stride == 1 else 1
        layers.append(nn.Conv2d(layer.in_channels, layer.out_channels, 4, layer.stride, padding, bias=False))
        if layer.batch_norm:
            layers.append(nn.BatchNorm2d(layer.out_channels))
        if layer.stride == 2:
            layers.append(nn.LeakyReLU(0.2, inplace=True))
    return [*layers, nn.Sigmoid()]


def _draw_weights(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
