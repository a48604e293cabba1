"""What the two networks minimise: pure functions of logits, and the penalties on D's steepness."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

Loss = Literal["non_saturating", "minimax", "least_squares", "hinge", "wasserstein"]

PROBABILITY_LOSSES: frozenset[str] = frozenset({"non_saturating", "minimax"})
"""Losses under which the sigmoid of D's logit is the probability that a picture is real; else it is a raw score."""


def discriminator_loss_real(
    real_logits: Tensor, loss: Loss = "non_saturating", smoothing: float | Tensor | None = None
) -> Tensor:
    """Return the real half of D's loss, averaged.

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
    """Return the generated half of D's loss, averaged.

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
    """Return what G minimises, averaged.

    Args:
        fake_logits: float [N], D's logits on what G drew.
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
    """Return (steepness - 1)**2 of D between real and generated pictures (Gulrajani et al. 2017, equation 3).

    Args:
        judge: pictures to logits [N].
        real, fake: float [N, C, H, W].
        mix: float [N], 0 to 1: how much of the real picture each point between has.

    Returns:
        The mean, to be multiplied with its weight (10 in the paper); it can be differentiated once more.
    """
    share = mix.view(-1, 1, 1, 1)
    between = (share * real + (1.0 - share) * fake).detach().requires_grad_(True)
    return (_steepness_squared(judge(between), between).add(1e-12).sqrt() - 1.0).square().mean()


def r1_penalty(real_logits: Tensor, real: Tensor) -> Tensor:
    """Return half the squared steepness of D at real pictures (Mescheder et al. 2018, equation 9).

    Args:
        real_logits: float [N].
        real: what they were computed from, float [N, C, H, W], requiring a gradient.

    Returns:
        The mean, to be multiplied with its weight; it can be differentiated once more.
    """
    return _steepness_squared(real_logits, real).mean() / 2


def _steepness_squared(logits: Tensor, images: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3))
