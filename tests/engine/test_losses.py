"""Losses against their formulas in float64, gradients included."""

import numpy as np
import pytest
import torch

from gan_studio.engine.losses import discriminator_loss_fake, discriminator_loss_real, generator_loss

LOGITS = np.array([-12.0, -1.5, 0.0, 0.3, 4.0, 15.0])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


CASES = {
    "real": (discriminator_loss_real, lambda x: -np.log(sigmoid(x)), lambda x: sigmoid(x) - 1),
    "fake": (discriminator_loss_fake, lambda x: -np.log(1 - sigmoid(x)), sigmoid),
    "non_saturating": (
        lambda logits: generator_loss(logits, "non_saturating"),
        lambda x: -np.log(sigmoid(x)),
        lambda x: sigmoid(x) - 1,
    ),
    "minimax": (
        lambda logits: generator_loss(logits, "minimax"),
        lambda x: np.log(1 - sigmoid(x)),
        lambda x: -sigmoid(x),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_that_a_loss_and_its_gradient_equal_the_formula(name: str) -> None:
    loss, formula, slope = CASES[name]
    logits = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
    value = loss(logits)
    value.backward()
    assert value.item() == pytest.approx(formula(LOGITS).mean(), rel=1e-6)
    np.testing.assert_allclose(logits.grad.numpy(), slope(LOGITS) / len(LOGITS), rtol=1e-6, atol=1e-12)


def test_that_an_undecided_d_costs_two_ln_2_and_g_ln_2() -> None:
    undecided = torch.zeros(8)
    total = discriminator_loss_real(undecided) + discriminator_loss_fake(undecided)
    assert total.item() == pytest.approx(2 * np.log(2))
    assert generator_loss(undecided, "non_saturating").item() == pytest.approx(np.log(2))


def test_that_minimax_fades_when_d_wins_and_non_saturating_does_not() -> None:
    gradients = {}
    for kind in ("minimax", "non_saturating"):
        logits = torch.full((1,), -10.0, requires_grad=True)
        generator_loss(logits, kind).backward()  # type: ignore[arg-type]
        gradients[kind] = abs(logits.grad.item())
    assert gradients["minimax"] < 1e-4
    assert gradients["non_saturating"] > 0.99
