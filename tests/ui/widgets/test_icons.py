"""Icons follow the palette."""

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from pytestqt.qtbot import QtBot

from gan_studio.ui.frame.action_table import ACTIONS
from gan_studio.ui.widgets.icons import icon

ROOT = Path(__file__).parents[3]


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
    assert colours(icon("undo", palette_of("#112233", "#888888"))) == {"#112233"}
    assert colours(icon("undo", palette_of("#ddeeff", "#888888"))) == {"#ddeeff"}


def test_that_a_disabled_icon_has_the_colour_of_disabled_text(qtbot: QtBot) -> None:
    drawn = icon("undo", palette_of("#112233", "#888888"))
    assert colours(drawn, QIcon.Mode.Disabled) == {"#888888"}


def test_that_the_same_icon_is_drawn_once(qtbot: QtBot) -> None:
    palette = palette_of("#112233", "#888888")
    assert icon("redo", palette).cacheKey() == icon("redo", QPalette(palette)).cacheKey()


def test_that_every_icon_that_comes_along_is_used_somewhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "gan_studio" / "ui").rglob("*.py")]
    asking = "".join(text for text in texts if "from gan_studio.ui.widgets.icons import icon" in text)
    named = {spec.icon for spec in ACTIONS}
    icons = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    assert {name for name in icons - named if f'"{name}"' not in asking} == set()


def test_that_every_icon_of_the_menus_comes_along(qtbot: QtBot) -> None:
    for name in {spec.icon for spec in ACTIONS if spec.icon}:
        assert colours(icon(name, palette_of("#112233", "#888888"))) == {"#112233"}, name
