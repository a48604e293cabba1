"""Numbers as people read them."""

import pytest

from gan_studio.ui.widgets.number_text import clock_text, grouped, is_number, reading_text, significant


def test_that_digits_are_grouped_by_three() -> None:
    assert [grouped(number) for number in (7, 1240, 1_000_000)] == ["7", "1\u202f240", "1\u202f000\u202f000"]


def test_that_a_number_is_told_from_a_text() -> None:
    numbers = (grouped(-12_345), reading_text(-0.5), reading_text(1.5e-7), reading_text(float("nan")))
    assert all(is_number(text) for text in numbers)
    assert not any(is_number(text) for text in ("", "-", "\u2013", "=1", "-1+1", "note"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2e-4, "0.0002"),
        (2e-5, "2e-5"),
        (1.5e-7, "1.5e-7"),
        (0.999, "0.999"),
        (0.0, "0"),
        (1.0, "1"),
        (5e4, "50 000"),
        (1e9, "1 000 000 000"),
    ],
)
def test_that_a_number_of_any_magnitude_is_short_and_exact(number: float, text: str) -> None:
    written = significant(number).replace("\u202f", " ")
    assert written == text
    assert float(written.replace(" ", "")) == number


def test_that_durations_read_like_a_clock() -> None:
    assert [clock_text(seconds) for seconds in (0, 9.6, 190, 3599.6, 36000)] == [
        "0:00",
        "0:10",
        "3:10",
        "1:00:00",
        "10:00:00",
    ]
