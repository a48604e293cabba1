"""What is written of a kept moment: time and losses, in a few words or in full."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from gan_studio.ui.widgets.number_text import significant

_LAST_SECOND = 2**37
"""Latest time that is written out, in the year 6325, because a damaged table can hold any number."""


def when_text(seconds: float, form: QLocale.FormatType) -> str:
    """Return date and time in the form of the language; the short form is the time today, the date on other days.

    Args:
        seconds: since 1970; a time that makes no sense gives "".
        form: ShortFormat or LongFormat.
    """
    if not 0 < seconds < _LAST_SECOND:
        return ""
    when, locale = QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale()
    if form is QLocale.FormatType.LongFormat:
        return locale.toString(when, form)
    is_today = when.date() == QDateTime.currentDateTime().date()
    return locale.toString(when.time(), form) if is_today else locale.toString(when.date(), form)


def losses_text(losses: tuple[float, float] | None) -> str:
    """Write the losses of D and G, or nothing."""
    if losses is None:
        return ""
    text = QCoreApplication.translate("Kept", "loss D {d}  G {g}")
    return text.format(d=significant(losses[0], 3), g=significant(losses[1], 3))
