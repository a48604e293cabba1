"""Typed numbers of spin boxes: every number may be typed, and one outside the limits becomes the nearest limit.

Qt's own validators refuse each digit that leads out of range: of 9.5 they left 0.5.
"""

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QToolTip

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP
from gan_studio.ui.widgets.number_text import significant

_LIMITS = QT_TRANSLATE_NOOP("Clamping", "Values from {low} to {high} are possible.")
_SIGNS = frozenset("0123456789+-.,eE ")


def validate_number(text: str, position: int) -> tuple[QValidator.State, str, int]:
    """Accept every number, and every beginning of one; for QAbstractSpinBox.validate."""
    if _number_in(text) is not None:
        return QValidator.State.Acceptable, text, position
    is_begun = set(text) <= _SIGNS
    return (QValidator.State.Intermediate if is_begun else QValidator.State.Invalid), text, position


def clamped(box: QAbstractSpinBox, text: str, present: float, low: float, high: float) -> float:
    """Return the number in a text, or the nearest limit; for valueFromText of a spin box.

    Args:
        box: shows its limits in a tooltip if a person typed a number outside.
        text: as it was typed.
        present: returned if the text is no number.
        low, high: the limits.
    """
    number = _number_in(text)
    if number is None:
        return present
    inside = min(max(number, low), high)
    if inside != number and box.hasFocus():
        shown = QCoreApplication.translate("Clamping", _LIMITS).format(low=significant(low), high=significant(high))
        QToolTip.showText(box.mapToGlobal(QPoint(0, box.height())), shown, box)
    return inside


def _number_in(text: str) -> float | None:
    if not set(text) <= _SIGNS:
        return None  # "nan" is no number here
    try:
        return float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        return None
