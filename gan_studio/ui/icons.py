"""Icons of Material Design, coloured from the palette."""

from functools import lru_cache

import qtawesome
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette

_SIZES = (16, 20, 24, 32, 40, 48, 64, 96)
"""Pixels. A button asks for one of the first at its own size, a screen of twice the density for one of the last."""


def icon(name: str, palette: QPalette) -> QIcon:
    """Draw an icon in the colours of button text. Ask again on PaletteChange; the same answer comes from a cache.

    Args:
        name: as qtawesome spells it, such as "mdi6.undo".
        palette: gives the colour of the icon, and of the icon where it is disabled.

    Raises:
        Exception: qtawesome has no icon of that name.
    """
    active = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    return _drawn(name, active.name(), disabled.name())


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, disabled_colour: str) -> QIcon:
    # qtawesome's own icons run Python each time they are painted; these are painted once.
    glyph = qtawesome.icon(name, color=colour, color_disabled=disabled_colour)
    result = QIcon()
    for side in _SIZES:
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            result.addPixmap(glyph.pixmap(QSize(side, side), mode), mode)
    return result
