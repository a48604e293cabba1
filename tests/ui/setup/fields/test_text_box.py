"""A line of text says what it means when it is empty."""

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import field_specs
from gan_studio.ui.setup.fields.text_box import TextBox


@pytest.mark.parametrize(("path", "shown"), [("data.classes", "all"), ("data.member", "automatic")])
def test_that_an_empty_line_says_what_it_means(qtbot: QtBot, path: str, shown: str) -> None:
    box = TextBox(next(spec for spec in field_specs() if spec.path == path))
    qtbot.addWidget(box)
    assert box.placeholderText() == shown
