"""Icons of Material Design, coloured from the palette."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gan_studio.resources import resource

_SIZES = (16, 20, 24, 32, 40, 48, 64, 96)
"""Pixels. A button asks for one of the first at its own size, a screen of twice the density for one of the last."""


def icon(name: str, palette: QPalette) -> QIcon:
    """Draw an icon in the colours of button text. Ask again on PaletteChange; the same answer comes from a cache.

    Args:
        name: of a file in resources/icons, such as "undo".
        palette: gives the colour of the icon, and of the icon where it is disabled.

    Raises:
        FileNotFoundError: there is no icon of that name.
    """
    active = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    return _drawn(name, active.name(), disabled.name())


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, disabled_colour: str) -> QIcon:
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, fill in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled_colour)):
        renderer = QSvgRenderer(drawing.replace("<path ", f'<path fill="{fill}" ').encode())
        for side in _SIZES:
            result.addPixmap(_painted(renderer, side), mode)
    return result


def _painted(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
