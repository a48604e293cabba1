"""Soundness: keeps NaN and infinity out of weights and statistics, without waiting for the device.

Each update checks its loss and gradient norm on the device. If one is not finite, the fused optimizer skips this update
(its `found_inf`, made for gradient scaling) and every later one, until the run has gone back to a good state. Batch
norm has already updated its statistics by then, so these are saved before the step and restored after it.
"""

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.step.adam import Adam
from gan_studio.engine.text.message import Message


class NotFiniteError(ArithmeticError):
    """A step met NaN or infinity; its state must not be kept."""


class Soundness:
    """Guards the steps of one training state."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module) -> None:
        self._generator, self._discriminator = generator, discriminator
        self._statistics = _gathered(generator, discriminator)
        self._kept = self._statistics.clone()
        self._broken = torch.zeros((), dtype=torch.float32, device=next(generator.parameters()).device)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors that outlive a step."""
        return (self._statistics, self._kept, self._broken)

    def begin_step(self) -> None:
        """Save the batch statistics before the step."""
        self._kept.copy_(self._statistics)

    def admit(self, optimizer: Adam, loss: Tensor, norm: Tensor) -> None:
        """Let the optimizer's next update happen only if its loss and gradient norm are finite."""
        is_broken = (0 * (loss.detach() + norm) != 0).to(self._broken.dtype)  # 0 * infinity is NaN
        torch.maximum(self._broken, is_broken, out=self._broken)  # in place: a captured step uses this very tensor
        optimizer.found_inf = self._broken

    def end_step(self) -> None:
        """Restore the batch statistics if the step met NaN or infinity; decided on the device."""
        torch.where(self._broken.bool(), self._kept, self._statistics, out=self._statistics)

    def check_steps(self) -> None:
        """Raise NotFiniteError if a step met NaN or infinity; waits for the device."""
        if self._broken:
            raise NotFiniteError

    def check(self) -> None:
        """Raise NotFiniteError if a step met NaN or infinity, or a statistic is not finite; waits for the device."""
        self.check_steps()
        if not _is_finite([self._statistics]):
            raise NotFiniteError

    def check_all(self, tensors: list[Tensor]) -> None:
        """Check these tensors as well; raises NotFiniteError. Use it on a whole state before saving it."""
        self.check()
        if not _is_finite(_floating(tensors)):
            raise NotFiniteError

    def forgive(self) -> None:
        """Allow updates again, after the state was restored from a checkpoint."""
        self._broken.zero_()

    def first_fault(self, row: Sequence[float]) -> Message:
        """Say where NaN or infinity appeared first in a step, from its metrics and the gradients it left.

        Args:
            row: metrics of the first such step, one number for each of events.METRIC_COLUMNS; empty: unknown.
        """
        wrong = {name for name, value in zip(METRIC_COLUMNS, row, strict=False) if not math.isfinite(value)}
        in_order = {
            "d_real": Message("fault.d_real"),
            "d_fake_before": Message("fault.d_fake_before"),
            "loss_d": Message("fault.loss_d"),
            "grad_norm_d": Message("fault.grad_norm_d", layer=_first_layer(self._discriminator)),
            "d_fake_after": Message("fault.d_fake_after"),
            "loss_g": Message("fault.loss_g"),
            "grad_norm_g": Message("fault.grad_norm_g", layer=_first_layer(self._generator)),
        }
        return next((place for column, place in in_order.items() if column in wrong), Message("fault.statistics"))


def _first_layer(network: nn.Module) -> str:
    """Name the first parameter whose gradient is not finite."""
    for name, parameter in network.named_parameters():
        if parameter.grad is not None and not torch.isfinite(parameter.grad).all():
            return name
    return "?"


def _gathered(*networks: nn.Module) -> Tensor:
    """Gather the statistics of networks in one tensor, and make their buffers views of it; later calls return it."""
    modules = [module for network in networks for module in network.modules()]
    named = [(module, name, buffer) for module in modules for name, buffer in module.named_buffers(recurse=False)]
    statistics = [(module, name, buffer) for module, name, buffer in named if buffer.is_floating_point()]
    buffers = [buffer for _, _, buffer in statistics]
    if not buffers:
        return torch.zeros(0, device=next(networks[0].parameters()).device)
    storage = buffers[0].untyped_storage()
    if all(buffer.untyped_storage().data_ptr() == storage.data_ptr() for buffer in buffers):
        return buffers[0].new_empty(0).set_(storage)
    gathered = torch.cat([buffer.flatten() for buffer in buffers])
    parts = torch.split(gathered, [buffer.numel() for buffer in buffers])
    for (module, name, buffer), part in zip(statistics, parts, strict=True):
        setattr(module, name, part.view_as(buffer).data)  # .data: a version counter of its own
    return gathered


def _floating(tensors: Iterable[Tensor]) -> list[Tensor]:
    return [tensor for tensor in tensors if tensor.is_floating_point()]


def _is_finite(tensors: list[Tensor]) -> bool:
    return not tensors or bool(torch.isfinite(get_total_norm(tensors)))
