"""Figures of one width, so that a counting number does not make its neighbours jump."""

from PySide6.QtGui import QFont


def tabular(font: QFont) -> QFont:
    """Return the font with the OpenType feature for figures of equal width; fonts without it stay as they are."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
