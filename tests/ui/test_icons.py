"""Icons follow the palette."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from pytestqt.qtbot import QtBot

from gan_studio.ui.icons import icon


def colours(drawn: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> set[str]:
    image = drawn.pixmap(QSize(32, 32), mode).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def palette_of(text: str, disabled: str) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(text))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(disabled))
    return palette


def test_that_an_icon_has_the_colour_of_button_text(qtbot: QtBot) -> None:
    assert colours(icon("mdi6.undo", palette_of("#112233", "#888888"))) == {"#112233"}
    assert colours(icon("mdi6.undo", palette_of("#ddeeff", "#888888"))) == {"#ddeeff"}


def test_that_a_disabled_icon_has_the_colour_of_disabled_text(qtbot: QtBot) -> None:
    drawn = icon("mdi6.undo", palette_of("#112233", "#888888"))
    assert colours(drawn, QIcon.Mode.Disabled) == {"#888888"}


def test_that_the_same_icon_is_drawn_once(qtbot: QtBot) -> None:
    palette = palette_of("#112233", "#888888")
    assert icon("mdi6.redo", palette).cacheKey() == icon("mdi6.redo", QPalette(palette)).cacheKey()
