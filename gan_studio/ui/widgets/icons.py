"""Material Design icons in the colours of the palette."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gan_studio.resources import resource

_SIZES = (16, 20, 24, 32, 40, 48, 64, 96)
"""Sides in pixels: the small ones for buttons, the large ones for cards and for screens of twice the density."""


def icon(name: str, palette: QPalette) -> QIcon:
    """Return an icon in the colours of button text. Call again on PaletteChange; icons are cached.

    Args:
        name: a file in resources/icons without its suffix, such as "undo".
        palette: gives the colours of the enabled and of the disabled icon.

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
