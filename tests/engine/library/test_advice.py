"""Advice before a start: a preset for the pictures, and how long a run takes."""

import pytest

from gan_studio.engine.config.presets import load_preset, shipped_preset_names
from gan_studio.engine.library.advice import advise, expect
from gan_studio.engine.nature import Nature


@pytest.mark.parametrize(
    ("count", "channels", "side", "on_gpu", "preset", "reason"),
    [
        (300, 3, 200, False, "small-data", "300 pictures are few"),
        (300, 3, 200, True, "small-data", "300 pictures are few"),
        (60_000, 1, 32, False, "quickstart", "60000 pictures are enough"),
        (60_000, 3, 32, False, "quickstart-colour", "60000 pictures are enough"),
        (60_000, 4, 32, False, "quickstart-colour", "60000 pictures are enough"),
        (60_000, 3, 32, True, "wide-cifar10", "60000 small pictures"),
        (200_000, 3, 178, True, "pytorch-tutorial", "64 × 64 on a GPU"),
    ],
)
def test_that_the_preset_suits_count_size_and_device(
    count: int, channels: int, side: int, on_gpu: bool, preset: str, reason: str
) -> None:
    advice = advise(count, Nature(64, channels, side), on_gpu=on_gpu)
    assert advice.preset == preset
    assert advice.preset in shipped_preset_names()
    assert reason in str(advice.reason)


def test_that_a_run_of_days_is_announced_and_a_run_of_minutes_is_not() -> None:
    speed = 3e10  # multiply-adds a second, about what two cores reach
    assert expect(load_preset("paper").config, speed).is_long
    assert not expect(load_preset("quickstart").config, speed).is_long
    expected = expect(load_preset("paper").config, speed)
    assert expected.all_seconds > 1000 * expected.first_seconds
