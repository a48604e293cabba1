"""Soundness: neither weights nor statistics ever hold NaN or infinity, and nobody waits for the device to know it.

Each update looks at its own loss and gradient norm on the device. Where they are not finite, the fused optimizer is
told to do nothing (its `found_inf`, made for gradient scaling), and so it is for every update that follows until the
run has gone back to a good state. Batch norm has taken its statistics in by then, so those are kept and put back.
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
    """A step met NaN or infinity, and the state is no longer that of a run."""


class Soundness:
    """Watches over the steps of one training state."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module) -> None:
        self._generator, self._discriminator = generator, discriminator
        self._statistics = _gathered(generator, discriminator)
        self._kept = self._statistics.clone()
        self._broken = torch.zeros((), dtype=torch.float32, device=next(generator.parameters()).device)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """What it keeps from one step to the next."""
        return (self._statistics, self._kept, self._broken)

    def begin_step(self) -> None:
        """Keep the statistics as they are before the step."""
        self._kept.copy_(self._statistics)

    def admit(self, optimizer: Adam, loss: Tensor, norm: Tensor) -> None:
        """Let an optimizer's next step happen only if its loss and the norm of its gradient are finite."""
        is_broken = (0 * (loss.detach() + norm) != 0).to(self._broken.dtype)  # 0 * infinity is NaN, too
        torch.maximum(self._broken, is_broken, out=self._broken)  # in place: a captured step reads and writes it there
        optimizer.found_inf = self._broken

    def end_step(self) -> None:
        """Put the statistics back that a step took in before it was found to be broken; the device decides."""
        torch.where(self._broken.bool(), self._kept, self._statistics, out=self._statistics)

    def check_steps(self) -> None:
        """Raise NotFiniteError where a step was broken; waits for the device."""
        if self._broken:
            raise NotFiniteError

    def check(self) -> None:
        """Raise NotFiniteError where a step was broken or a statistic is not finite; waits for the device."""
        self.check_steps()
        if not _is_finite([self._statistics]):
            raise NotFiniteError

    def check_all(self, tensors: list[Tensor]) -> None:
        """Check these tensors as well: every one of a state, before it is kept as a good one."""
        self.check()
        if not _is_finite(_floating(tensors)):
            raise NotFiniteError

    def forgive(self) -> None:
        """Begin anew after the state was set to a good one."""
        self._broken.zero_()

    def first_fault(self, row: Sequence[float]) -> Message:
        """Say where a broken step went wrong first, by its row of metrics and the gradients that it left.

        Args:
            row: of the first broken step, one number for each of events.METRIC_COLUMNS; empty where there is none.
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
    """Move the statistics of networks into one tensor, of which their buffers are parts from then on; once only."""
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
        setattr(module, name, part.view_as(buffer).data)  # with a version counter of its own, as autograd compares it
    return gathered


def _floating(tensors: Iterable[Tensor]) -> list[Tensor]:
    return [tensor for tensor in tensors if tensor.is_floating_point()]


def _is_finite(tensors: list[Tensor]) -> bool:
    return not tensors or bool(torch.isfinite(get_total_norm(tensors)))
