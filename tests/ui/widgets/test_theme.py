"""The themes: readable text, a dark one that is dark, and curves that colour-blind people tell apart."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.ui.widgets.theme import (
    FUSION_OUTLINE,
    THEMES,
    Theme,
    apply_theme,
    blend,
    control_palette,
    curve_colours,
    is_dark,
    muted_text,
    theme_palette,
)

Role = QPalette.ColorRole
TEXT_PAIRS = [
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.HighlightedText, Role.Highlight),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    *((text, back) for text in (Role.PlaceholderText, Role.BrightText) for back in (Role.Window, Role.Base)),
    (Role.PlaceholderText, Role.AlternateBase),
    (Role.PlaceholderText, Role.Button),
    (Role.Accent, Role.Window),
    (Role.Accent, Role.Base),
]
BACKS = (Role.Window, Role.Base, Role.Button)
# Machado, Oliveira, Fernandes 2009: what a person without green (deuteranopia) or red cones (protanopia) sees.
BLINDNESS = {
    "none": np.eye(3),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
}


def linear(colour: QColor) -> np.ndarray:
    """Linear red, green and blue of a colour."""
    channels = np.array(colour.getRgbF()[:3])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of WCAG 2: 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = sorted((float(linear(colour) @ weights) for colour in (one, other)), reverse=True)
    return (light[0] + 0.05) / (light[1] + 0.05)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> QPalette:
    return theme_palette(dark=request.param)


@pytest.fixture
def app(qapp: QApplication):
    before = "dark" if is_dark(qapp.palette()) else "light"
    yield qapp
    apply_theme(qapp, before)


@pytest.mark.parametrize("pair", TEXT_PAIRS, ids=lambda pair: f"{pair[0].name} on {pair[1].name}")
def test_that_text_stands_out_from_what_it_is_written_on(palette: QPalette, pair: tuple):
    assert contrast(palette.color(pair[0]), palette.color(pair[1])) >= 4.5


@pytest.mark.parametrize("role", [Role.Text, Role.WindowText, Role.ButtonText, Role.PlaceholderText])
@pytest.mark.parametrize("back", BACKS)
def test_that_disabled_text_is_quieter_but_can_be_read(palette: QPalette, back: Role, role: Role):
    ground = palette.color(back)
    disabled = contrast(palette.color(QPalette.ColorGroup.Disabled, role), ground)
    assert 4.5 <= disabled < 0.6 * contrast(palette.color(Role.Text), ground)


def test_that_what_is_chosen_but_disabled_can_be_read(palette: QPalette):
    group = QPalette.ColorGroup.Disabled
    assert contrast(palette.color(group, Role.HighlightedText), palette.color(group, Role.Highlight)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("back", BACKS)
def test_that_the_outline_of_a_control_stands_out_from_the_window_and_from_its_inside(
    qapp: QApplication, dark: bool, back: Role
):
    outline = control_palette(dark=dark).color(Role.Window).darker(FUSION_OUTLINE)
    assert contrast(outline, theme_palette(dark=dark).color(back)) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit, QComboBox, QSpinBox, QPushButton])
def test_that_an_empty_control_can_be_seen(qtbot: QtBot, app: QApplication, theme: Theme, kind: type[QWidget]):
    apply_theme(app, theme)
    window = QWidget()
    qtbot.addWidget(window)
    control = kind(window)
    control.setGeometry(10, 10, 80, 24)
    window.resize(100, 44)
    with qtbot.waitExposed(window):
        window.show()
    window.setFocus()
    image = window.grab().toImage()
    middle = [image.pixelColor(x, 22) for x in range(5, 30)]
    assert max(contrast(colour, app.palette().color(Role.Window)) for colour in middle) >= 3


@pytest.mark.parametrize("back", [Role.Window, Role.Base])
def test_that_secondary_text_can_be_read(palette: QPalette, back: Role):
    assert contrast(muted_text(palette), palette.color(back)) >= 4.5


def test_that_curves_stand_out_from_the_plot(palette: QPalette):
    assert all(contrast(colour, palette.color(Role.Base)) >= 3 for colour in curve_colours(palette))


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_that_curves_differ_for_colour_blind_eyes(palette: QPalette, blindness: str):
    seen = [np.clip(BLINDNESS[blindness] @ linear(colour), 0, 1) ** (1 / 2.2) for colour in curve_colours(palette)]
    assert all(np.linalg.norm(one - other) > 0.2 for one, other in combinations(seen, 2))


def test_that_dark_is_dark_and_light_is_light(app: QApplication):
    apply_theme(app, "dark")
    assert is_dark(app.palette())
    apply_theme(app, "light")
    assert not is_dark(app.palette())


def test_that_system_can_be_chosen_where_the_desktop_says_nothing(app: QApplication):
    apply_theme(app, "system")
    assert app.palette().color(Role.Window) in [theme_palette(dark=dark).color(Role.Window) for dark in (False, True)]


def test_that_an_unknown_theme_is_refused(app: QApplication):
    with pytest.raises(ValueError, match="purple"):
        apply_theme(app, "purple")  # type: ignore[arg-type]
    assert set(THEMES) == {"system", "light", "dark"}


def test_that_blending_goes_from_back_to_front(qapp: QApplication):
    white, black = QColor("white"), QColor("black")
    assert blend(white, black, 1) == white
    assert blend(white, black, 0) == black


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_an_open_list_has_the_colours_of_the_theme(qtbot: QtBot, app: QApplication, theme: Theme):
    apply_theme(app, theme)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["one", "two", "three", "four"])
    with qtbot.waitExposed(box):
        box.show()
    box.showPopup()
    image = box.view().window().grab().toImage()
    box.hidePopup()
    back = image.pixelColor(image.width() - 12, image.height() - 12)
    assert contrast(back, app.palette().color(Role.Text)) >= 4.5
