"""What the two networks minimise: pure functions of logits."""

from typing import Literal

from torch import Tensor
from torch.nn.functional import softplus

Loss = Literal["non_saturating", "minimax"]


def discriminator_loss_real(real_logits: Tensor) -> Tensor:
    """Return -log D(x), averaged: the real half of D's loss (Goodfellow et al. 2014, equation 1).

    Args:
        real_logits: float [N], before the sigmoid.
    """
    return softplus(-real_logits).mean()


def discriminator_loss_fake(fake_logits: Tensor) -> Tensor:
    """Return -log(1 - D(G(z))), averaged: the generated half of D's loss (same equation).

    Args:
        fake_logits: float [N], before the sigmoid.
    """
    return softplus(fake_logits).mean()


def generator_loss(fake_logits: Tensor, loss: Loss) -> Tensor:
    """Return what G minimises.

    Args:
        fake_logits: float [N], D's logits on what G drew.
        loss: "non_saturating" for -log D(G(z)) (Goodfellow et al. 2014, section 3, last paragraph);
            "minimax" for log(1 - D(G(z))), equation 1 as the tutorial prints it, which is negative.
    """
    if loss == "minimax":
        return -softplus(fake_logits).mean()
    return softplus(-fake_logits).mean()
