"""Finding latent sliders by number."""

import pytest

from gan_studio.ui.explorer.sliders.latent_search import FoundDimensions, find_dimensions


@pytest.mark.parametrize("text", ["", "   "])
def test_that_an_empty_search_shows_all(text: str) -> None:
    assert find_dimensions(text, 100) == FoundDimensions(range(100))


@pytest.mark.parametrize("text", ["17", " 17 ", "z17", "z 17", "Z 17"])
def test_that_a_number_highlights_one_among_all(text: str) -> None:
    assert find_dimensions(text, 100) == FoundDimensions(range(100), 17)


@pytest.mark.parametrize("text", ["10-20", "20-10", "10 - 20", "z10\u2013z20", "10..20", "10:20"])
def test_that_a_span_shows_those_alone(text: str) -> None:
    assert find_dimensions(text, 100) == FoundDimensions(range(10, 21))


@pytest.mark.parametrize("text", ["90-", "90-4000"])
def test_that_a_span_ends_with_the_last_dimension(text: str) -> None:
    assert find_dimensions(text, 100) == FoundDimensions(range(90, 100))


@pytest.mark.parametrize("text", ["100", "-3", "200-300", "smile", "1.5", "9" * 40])
def test_that_what_does_not_exist_is_not_found(text: str) -> None:
    assert find_dimensions(text, 100) is None
