"""Names of files that are made of a person's text."""

import pytest

from gan_studio.engine.files.paths import file_name


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
    ],
)
def test_that_a_name_can_be_the_name_of_a_file(text: str, name: str) -> None:
    assert file_name(text) == name
