"""Dates as they are written everywhere in the window."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from gan_studio.ui.widgets.date_text import Form, brief_date_text, date_text

NOW = datetime.now().astimezone()


@pytest.fixture(autouse=True)
def in_british_english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


def test_that_a_date_is_written_with_its_time() -> None:
    noon = datetime(2026, 5, 1, 12, 34).astimezone().timestamp()
    assert date_text(noon) == "01/05/2026 12:34"
    assert "1 May 2026" in date_text(noon, Form.LongFormat)
    assert brief_date_text(noon) == "01/05/2026"


def test_that_of_today_the_time_is_enough() -> None:
    assert brief_date_text(NOW.timestamp()) == f"{NOW:%H:%M}"
    assert brief_date_text((NOW - timedelta(days=2)).timestamp()) == f"{NOW - timedelta(days=2):%d/%m/%Y}"


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e300])
def test_that_a_time_that_makes_no_sense_is_left_out(seconds: float) -> None:
    assert date_text(seconds) == date_text(seconds, Form.LongFormat) == brief_date_text(seconds) == ""
