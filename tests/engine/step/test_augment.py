"""DiffAugment: pictures vary as the paper says, and gradients pass through."""

import numpy as np
import pytest
import torch

from gan_studio.engine.step.augment import DRAWS, Policy, augment

KINDS = {
    "color": Policy(color=True),
    "translation": Policy(translation=True),
    "cutout": Policy(cutout=True),
    "all": Policy(True, True, True),
}


def pictures(count: int = 4, size: int = 16) -> torch.Tensor:
    drawn = np.random.default_rng(0).uniform(-1, 1, (count, 3, size, size))
    return torch.tensor(drawn)


def draws(count: int = 4, seed: int = 1) -> torch.Tensor:
    return torch.tensor(np.random.default_rng(seed).uniform(size=(DRAWS, count)))


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_gradient_passes_through(kind: str) -> None:
    images = pictures(2, 8).requires_grad_(True)
    assert torch.autograd.gradcheck(lambda x: augment(x, draws(2), KINDS[kind]), images)


def test_that_without_a_kind_pictures_stay_as_they_are() -> None:
    assert augment(pictures(), draws(), Policy()) is not None
    assert torch.equal(augment(pictures(), draws(), Policy()), pictures())
    assert not Policy()


def test_that_middle_draws_leave_colours_as_they_are() -> None:
    same = torch.full((DRAWS, 4), 0.5, dtype=torch.float64)
    torch.testing.assert_close(augment(pictures(), same, KINDS["color"]), pictures())


def test_that_colours_follow_the_formula() -> None:
    images, numbers = pictures(), draws()
    x = images.numpy() + (numbers[0].numpy()[:, None, None, None] - 0.5)
    grey = x.mean(axis=1, keepdims=True)
    x = (x - grey) * (2 * numbers[1].numpy()[:, None, None, None]) + grey
    middle = x.mean(axis=(1, 2, 3), keepdims=True)
    x = (x - middle) * (numbers[2].numpy()[:, None, None, None] + 0.5) + middle
    np.testing.assert_allclose(augment(images, numbers, KINDS["color"]).numpy(), x)


def test_that_pictures_move_by_whole_pixels_up_to_an_eighth_with_nothing_beyond_the_edge() -> None:
    images = pictures()
    numbers = torch.zeros(DRAWS, 4, dtype=torch.float64)
    moved = augment(images, numbers, KINDS["translation"])  # 2 pixels: an eighth of 16
    assert torch.equal(moved[:, :, 2:, 2:], images[:, :, :-2, :-2])
    assert moved[:, :, :2].eq(0).all()
    assert moved[:, :, :, :2].eq(0).all()
    far = augment(images, torch.full_like(numbers, 0.9999), KINDS["translation"])
    assert torch.equal(far[:, :, :-2, :-2], images[:, :, 2:, 2:])


def test_that_a_square_of_half_the_side_is_cut_out() -> None:
    numbers = torch.full((DRAWS, 4), 0.5, dtype=torch.float64)
    cut = augment(torch.ones(4, 3, 16, 16), numbers, KINDS["cutout"])
    assert cut[0, 0].eq(0).sum() == 8 * 8
    assert cut[:, :, 4:12, 4:12].eq(0).all()


def test_that_each_picture_varies_by_its_own_draws() -> None:
    one = augment(pictures(), draws(), KINDS["all"])[2:3]
    alone = augment(pictures()[2:3], draws()[:, 2:3], KINDS["all"])
    torch.testing.assert_close(one, alone)
