"""Casting all weights of a network to bfloat16 at once: one kernel launch on a CUDA device."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import ParametrizationList

from gan_studio.engine.models.layers import ResizeToMap

MATRIX_DIMENSIONS = 2


class _Cast(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *weights: Tensor) -> tuple[Tensor, ...]:
        cast = [torch.empty_like(weight, dtype=torch.bfloat16, requires_grad=False) for weight in weights]
        torch._foreach_copy_(cast, weights)
        return tuple(cast)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, ...]:
        cast = [torch.empty_like(gradient, dtype=torch.float32) for gradient in gradients]
        torch._foreach_copy_(cast, gradients)
        return tuple(cast)


def in_bfloat16(network: nn.Module) -> dict[str, Tensor]:
    """Cast the weights that autocast would cast one by one; differentiable, for torch.func.functional_call.

    Weights of ResizeToMap and of parametrizations are not cast, because these compute another weight from them in
    float32 first.

    Returns:
        The weights in bfloat16, by parameter name; {} where there are none.
    """
    found = {
        f"{place}.{name}": weight
        for place, module in network.named_modules()
        if not isinstance(module, ResizeToMap | ParametrizationList)
        for name, weight in module.named_parameters(recurse=False)
        if weight.dim() >= MATRIX_DIMENSIONS
    }
    if not found:
        return {}
    return dict(zip(found, _Cast.apply(*found.values()), strict=True))
