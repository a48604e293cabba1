"""Losses against their formulas in float64, gradients included."""

import numpy as np
import pytest
import torch

from gan_studio.engine.step.losses import (
    discriminator_loss_fake,
    discriminator_loss_real,
    generator_loss,
    gradient_penalty,
    r1_penalty,
)

LOGITS = np.array([-12.0, -1.5, 0.0, 0.3, 4.0, 15.0])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


def log_real(x: np.ndarray) -> np.ndarray:
    return -np.log(sigmoid(x))


CASES = {
    "real, non_saturating": (discriminator_loss_real, log_real, lambda x: sigmoid(x) - 1),
    "real, smoothed": (
        lambda logits: discriminator_loss_real(logits, "non_saturating", 0.1),
        lambda x: -0.9 * np.log(sigmoid(x)) - 0.1 * np.log(1 - sigmoid(x)),
        lambda x: sigmoid(x) - 0.9,
    ),
    "fake, non_saturating": (discriminator_loss_fake, lambda x: -np.log(1 - sigmoid(x)), sigmoid),
    "g, non_saturating": (
        lambda logits: generator_loss(logits, "non_saturating"),
        log_real,
        lambda x: sigmoid(x) - 1,
    ),
    "g, minimax": (
        lambda logits: generator_loss(logits, "minimax"),
        lambda x: np.log(1 - sigmoid(x)),
        lambda x: -sigmoid(x),
    ),
    "real, least_squares": (
        lambda logits: discriminator_loss_real(logits, "least_squares"),
        lambda x: (x - 1) ** 2 / 2,
        lambda x: x - 1,
    ),
    "real, least_squares, smoothed": (
        lambda logits: discriminator_loss_real(logits, "least_squares", 0.1),
        lambda x: (x - 0.9) ** 2 / 2,
        lambda x: x - 0.9,
    ),
    "fake, least_squares": (
        lambda logits: discriminator_loss_fake(logits, "least_squares"),
        lambda x: x**2 / 2,
        lambda x: x,
    ),
    "g, least_squares": (
        lambda logits: generator_loss(logits, "least_squares"),
        lambda x: (x - 1) ** 2 / 2,
        lambda x: x - 1,
    ),
    "real, hinge": (
        lambda logits: discriminator_loss_real(logits, "hinge"),
        lambda x: np.maximum(0, 1 - x),
        lambda x: -(x < 1).astype(float),
    ),
    "fake, hinge": (
        lambda logits: discriminator_loss_fake(logits, "hinge"),
        lambda x: np.maximum(0, 1 + x),
        lambda x: (x > -1).astype(float),
    ),
    "g, hinge": (lambda logits: generator_loss(logits, "hinge"), lambda x: -x, lambda x: -np.ones_like(x)),
    "real, wasserstein": (
        lambda logits: discriminator_loss_real(logits, "wasserstein"),
        lambda x: -x,
        lambda x: -np.ones_like(x),
    ),
    "fake, wasserstein": (lambda logits: discriminator_loss_fake(logits, "wasserstein"), lambda x: x, np.ones_like),
    "g, wasserstein": (lambda logits: generator_loss(logits, "wasserstein"), lambda x: -x, lambda x: -np.ones_like(x)),
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


class Quadratic:
    """A judge whose steepness is known: x -> x A x / 2 + b x over flattened pictures, so its gradient is A x + b."""

    def __init__(self) -> None:
        source = np.random.default_rng(0)
        root = source.normal(size=(12, 12))
        self.a, self.b = root + root.T, source.normal(size=12)
        self.weight = torch.tensor(self.a, requires_grad=True)

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        flat = images.flatten(1)
        return ((flat @ self.weight) * flat).sum(dim=1) / 2 + flat @ torch.tensor(self.b)

    def steepness(self, flat: np.ndarray, a: np.ndarray | None = None) -> np.ndarray:
        return flat @ (self.a if a is None else a) + self.b


def pictures(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, size=(5, 3, 2, 2))


def numeric_gradient(formula, a: np.ndarray) -> np.ndarray:  # type: ignore[no-untyped-def]
    found, width = np.empty_like(a), 1e-6
    for place in np.ndindex(a.shape):
        shifted = a.copy()
        shifted[place] += width
        above = formula(shifted)
        shifted[place] -= 2 * width
        found[place] = (above - formula(shifted)) / (2 * width)
    return (found + found.T) / 2


def test_that_the_gradient_penalty_and_its_gradient_equal_the_formula() -> None:
    judge, real, fake = Quadratic(), pictures(1), pictures(2)
    mix = np.random.default_rng(3).uniform(size=5)
    between = (mix[:, None] * real.reshape(5, -1)) + (1 - mix[:, None]) * fake.reshape(5, -1)

    def formula(a: np.ndarray) -> float:
        symmetric = (a + a.T) / 2
        return float(((np.linalg.norm(judge.steepness(between, symmetric), axis=1) - 1) ** 2).mean())

    penalty = gradient_penalty(judge, torch.tensor(real), torch.tensor(fake), torch.tensor(mix))
    penalty.backward()
    assert penalty.item() == pytest.approx(formula(judge.a), rel=1e-9)
    gradient = judge.weight.grad.numpy()
    np.testing.assert_allclose((gradient + gradient.T) / 2, numeric_gradient(formula, judge.a), rtol=1e-5, atol=1e-6)


def test_that_the_r1_penalty_and_its_gradient_equal_the_formula() -> None:
    judge, real = Quadratic(), pictures(1)
    flat = real.reshape(5, -1)

    def formula(a: np.ndarray) -> float:
        return float((judge.steepness(flat, (a + a.T) / 2) ** 2).sum(axis=1).mean() / 2)

    images = torch.tensor(real, requires_grad=True)
    penalty = r1_penalty(judge(images), images)
    penalty.backward()
    assert penalty.item() == pytest.approx(formula(judge.a), rel=1e-9)
    gradient = judge.weight.grad.numpy()
    np.testing.assert_allclose((gradient + gradient.T) / 2, numeric_gradient(formula, judge.a), rtol=1e-5, atol=1e-6)
