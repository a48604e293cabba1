"""Sizes in bytes and durations as people read them."""

import pytest

from gan_studio.engine.text.units import bytes_text, duration_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_500_000_000, "1.5 GB"),
        (16 * 2**30, "17 GB"),
        (10**20, "100000 PB"),
    ],
)
def test_that_sizes_have_two_or_three_digits_and_a_decimal_unit(count: int, text: str) -> None:
    assert bytes_text(count).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.1, "1 s"), (12.4, "12 s"), (216, "4 min"), (5964, "99 min"), (10_800, "3 h"), (432_000, "5 d")],
)
def test_that_a_duration_is_told_roughly_in_its_largest_unit(seconds: float, text: str) -> None:
    assert duration_text(seconds).replace("\u202f", " ") == text
