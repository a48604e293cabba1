"""The losses of both networks, as pure functions of logits, and the gradient penalties of D."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

Loss = Literal["non_saturating", "minimax", "least_squares", "hinge", "wasserstein"]

PROBABILITY_LOSSES: frozenset[str] = frozenset({"non_saturating", "minimax"})
"""Losses under which the sigmoid of D's logit is a probability; under the others the logit is a raw score."""


def discriminator_loss_real(
    real_logits: Tensor, loss: Loss = "non_saturating", smoothing: float | Tensor | None = None
) -> Tensor:
    """Return D's mean loss on real pictures.

    Args:
        real_logits: float [N], before the sigmoid.
        loss: "non_saturating" and "minimax": -log D(x) (Goodfellow et al. 2014, equation 1);
            "least_squares": (D(x) - 1)**2 / 2 (Mao et al. 2017, equation 9);
            "hinge": max(0, 1 - D(x)) (Lim and Ye 2017; Miyato et al. 2018, equation 16);
            "wasserstein": -D(x) (Arjovsky et al. 2017).
        smoothing: the target is 1 minus this (Salimans et al. 2016, section 3.4), a number or a tensor without
            dimensions; None: it is 1. Hinge and Wasserstein have no target.
    """
    match loss:
        case "least_squares":
            return (real_logits - (1.0 if smoothing is None else 1.0 - smoothing)).square().mean() / 2
        case "hinge":
            return relu(1.0 - real_logits).mean()
        case "wasserstein":
            return -real_logits.mean()
    cross_entropy = softplus(-real_logits)
    return (cross_entropy if smoothing is None else cross_entropy + smoothing * real_logits).mean()


def discriminator_loss_fake(fake_logits: Tensor, loss: Loss = "non_saturating") -> Tensor:
    """Return D's mean loss on generated pictures.

    Args:
        fake_logits: float [N], before the sigmoid.
        loss: "non_saturating" and "minimax": -log(1 - D(G(z))); "least_squares": D(G(z))**2 / 2;
            "hinge": max(0, 1 + D(G(z))); "wasserstein": D(G(z)). Sources as in discriminator_loss_real.
    """
    match loss:
        case "least_squares":
            return fake_logits.square().mean() / 2
        case "hinge":
            return relu(1.0 + fake_logits).mean()
        case "wasserstein":
            return fake_logits.mean()
    return softplus(fake_logits).mean()


def generator_loss(fake_logits: Tensor, loss: Loss) -> Tensor:
    """Return G's mean loss.

    Args:
        fake_logits: float [N], D's logits of generated pictures.
        loss: "non_saturating": -log D(G(z)) (Goodfellow et al. 2014, section 3, last paragraph);
            "minimax": log(1 - D(G(z))), equation 1 as the tutorial prints it, which is negative;
            "least_squares": (D(G(z)) - 1)**2 / 2; "hinge" and "wasserstein": -D(G(z)).
    """
    match loss:
        case "minimax":
            return -softplus(fake_logits).mean()
        case "least_squares":
            return (fake_logits - 1.0).square().mean() / 2
        case "hinge" | "wasserstein":
            return -fake_logits.mean()
    return softplus(-fake_logits).mean()


def gradient_penalty(judge: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """Return the penalty (gradient norm - 1)**2 of D between real and generated pictures (Gulrajani et al. 2017).

    Args:
        judge: maps pictures to logits [N].
        real, fake: float [N, C, H, W].
        mix: float [N], 0 to 1: share of the real picture in each mixed picture.

    Returns:
        The mean, before its weight (10 in the paper); it can be differentiated again.
    """
    share = mix.view(-1, 1, 1, 1)
    between = (share * real + (1.0 - share) * fake).detach().requires_grad_(True)
    return (_squared_gradient_norm(judge(between), between).add(1e-12).sqrt() - 1.0).square().mean()


def r1_penalty(real_logits: Tensor, real: Tensor) -> Tensor:
    """Return half the squared gradient norm of D at real pictures (Mescheder et al. 2018, equation 9).

    Args:
        real_logits: float [N].
        real: the pictures, float [N, C, H, W], with requires_grad.

    Returns:
        The mean, before its weight; it can be differentiated again.
    """
    return _squared_gradient_norm(real_logits, real).mean() / 2


def _squared_gradient_norm(logits: Tensor, images: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3))
