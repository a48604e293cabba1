"""Names of files that are made of a person's text."""

import pytest

from gan_studio.engine.files.paths import file_name, stands_in_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Frogs", "Frogs"),
        ("Fashion-MNIST, 10\u202f000 pictures", "Fashion-MNIST, 10 000 pictures"),
        ("a/b\\c:d", "a-b-c-d"),
        ("..", ""),
        ("two\nlines\u2028three", "two lines three"),
        ("\u200bhidden", "-hidden"),
        ("青蛙", "青蛙"),
        ("کتاب\u200cها 👨\u200d👩", "کتاب\u200cها 👨\u200d👩"),
    ],
)
def test_that_a_name_can_be_the_name_of_a_file(text: str, name: str) -> None:
    assert file_name(text) == name
    assert all(stands_in_names(sign) for sign in name)


@pytest.mark.parametrize(
    ("text", "most", "name"),
    [
        ("x" * 200, 160, "x" * 160),
        ("蛙" * 80, 160, "蛙" * 53),
        ("🐸" * 80, 160, "🐸" * 40),
        ("two words", 4, "two"),
        ("👨\u200d👩", 8, "👨"),
    ],
)
def test_that_a_long_name_of_a_file_is_cut_after_a_whole_character(text: str, most: int, name: str) -> None:
    assert file_name(text, most) == name
