"""Dates and times in the form of the language."""

from PySide6.QtCore import QDateTime, QLocale

_LAST_SECOND = 2**37
"""Latest time that is written out, in the year 6325, because a damaged file can hold any number."""
Form = QLocale.FormatType


def date_text(seconds: float, form: Form = Form.ShortFormat) -> str:
    """Write date and time.

    Args:
        seconds: since 1970; a time that makes no sense gives "".
        form: ShortFormat or LongFormat.
    """
    when = _when(seconds)
    return "" if when is None else QLocale().toString(when, form)


def brief_date_text(seconds: float) -> str:
    """Write the time of today, or the date of another day; arguments as in `date_text`."""
    when = _when(seconds)
    if when is None:
        return ""
    is_today = when.date() == QDateTime.currentDateTime().date()
    return QLocale().toString(when.time() if is_today else when.date(), Form.ShortFormat)


def _when(seconds: float) -> QDateTime | None:
    return QDateTime.fromSecsSinceEpoch(int(seconds)) if 0 < seconds < _LAST_SECOND else None
