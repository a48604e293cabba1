"""The look of the window: Qt's Fusion style, a light and a dark palette, and the colours of curves."""

from typing import Literal, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

Theme = Literal["system", "light", "dark"]

THEMES: tuple[Theme, ...] = get_args(Theme)
"""The themes to choose from; "system" follows the desktop."""

_Role = QPalette.ColorRole

_COLOURS: tuple[tuple[QPalette.ColorRole, str, str], ...] = (
    # role, light, dark
    (_Role.Window, "#f3f4f6", "#2b2d31"),
    (_Role.WindowText, "#1b1f24", "#e3e5e9"),
    (_Role.Base, "#ffffff", "#1b1c1f"),
    (_Role.AlternateBase, "#f6f7f9", "#212226"),
    (_Role.Text, "#1b1f24", "#e3e5e9"),
    (_Role.PlaceholderText, "#636a74", "#9fa5af"),
    (_Role.Button, "#fafbfc", "#383b40"),
    (_Role.ButtonText, "#1b1f24", "#e3e5e9"),
    (_Role.BrightText, "#b42318", "#ff8a7a"),
    (_Role.ToolTipBase, "#fffffb", "#3a3d43"),
    (_Role.ToolTipText, "#1b1f24", "#eceef1"),
    (_Role.Highlight, "#2b68c8", "#3a70c4"),
    (_Role.HighlightedText, "#ffffff", "#ffffff"),
    (_Role.Accent, "#2b68c8", "#6ea3f0"),
    (_Role.Link, "#1f5bb5", "#7fb0f5"),
    (_Role.LinkVisited, "#6b4fa0", "#b79cec"),
    (_Role.Light, "#ffffff", "#4a4e55"),
    (_Role.Midlight, "#e9ebee", "#42464c"),
    (_Role.Mid, "#c9cdd3", "#4b4f56"),
    (_Role.Dark, "#a3a9b2", "#17181b"),
    (_Role.Shadow, "#6f7680", "#0b0c0e"),
)

_DISABLED: tuple[tuple[QPalette.ColorRole, str, str], ...] = (
    (_Role.WindowText, "#666d77", "#9fa5af"),
    (_Role.Text, "#666d77", "#9fa5af"),
    (_Role.ButtonText, "#666d77", "#9fa5af"),
    (_Role.PlaceholderText, "#666d77", "#9fa5af"),
    (_Role.Highlight, "#c9cdd3", "#3d4147"),
    (_Role.HighlightedText, "#4a515a", "#b0b6bf"),
    (_Role.Accent, "#a3a9b2", "#5a6069"),
)

_OUTLINED = ("QCheckBox", "QRadioButton", "QComboBox", "QAbstractSpinBox", "QLineEdit", "QPushButton", "QSlider")
"""Controls that are known by their outline, such as an empty box. They never paint their Window colour otherwise.

Menus are not among them: the open list of a QComboBox takes the palette of QMenu, and does paint that colour.
"""

_INSIDE = ("QComboBoxPrivateContainer", "QComboBoxListView")
"""Qt's own parts of a QComboBox, which do paint their Window colour and would take that of the box."""

_OUTLINE = ("#a6acb5", "#c4c9d1")
"""Their Window colour, light and dark: Fusion draws outlines 1.4 times as dark."""

FUSION_OUTLINE = 140
"""Percent by which Fusion darkens Window for an outline (QFusionStylePrivate::outline in Qt 6)."""

_CURVES: tuple[tuple[str, str], ...] = (
    # Okabe and Ito 2008, "Color Universal Design": darker on white, lighter on near-black, at least 3:1 on both.
    ("#0072b2", "#56b4e9"),
    ("#c65400", "#f0a030"),
    ("#2b2f36", "#f0f0f0"),
    ("#a8487f", "#d07ab0"),
)


def apply_theme(app: QApplication, choice: Theme) -> None:
    """Apply a theme to the whole application. It costs little to call again.

    "system" reads the desktop's scheme once: call again on QStyleHints.colorSchemeChanged.

    Raises:
        ValueError: `choice` is not in THEMES.
    """
    if choice not in THEMES:
        raise ValueError(f"no theme {choice!r}: one of {THEMES}")
    dark = choice == "dark"
    if choice == "system":
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    palette = theme_palette(dark=dark)
    app.setPalette(palette)
    for name in _INSIDE:
        app.setPalette(theme_palette(dark=dark), name)  # type: ignore[arg-type]  # no copy of the palette above:
        # Qt lets a widget whose palette shares the data of the program's inherit that of its parent
    for name in _OUTLINED:
        app.setPalette(control_palette(dark=dark), name)  # type: ignore[arg-type]  # PySide says bytes, and takes str
    QToolTip.setPalette(palette)


def theme_palette(*, dark: bool) -> QPalette:
    """Return the light or the dark palette."""
    palette = QPalette()
    for role, light_colour, dark_colour in _COLOURS:
        palette.setColor(role, QColor(dark_colour if dark else light_colour))
    for role, light_colour, dark_colour in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(dark_colour if dark else light_colour))
    return palette


def control_palette(*, dark: bool) -> QPalette:
    """Return the palette of controls that have an outline: it stands out from the window and from the control."""
    palette = theme_palette(dark=dark)
    palette.setColor(_Role.Window, QColor(_OUTLINE[dark]))
    return palette


def is_dark(palette: QPalette) -> bool:
    """Tell whether text is lighter than its background."""
    return palette.color(_Role.Text).lightness() > palette.color(_Role.Base).lightness()


def curve_colours(palette: QPalette) -> tuple[QColor, ...]:
    """Return the colours of curves, readable on the palette's Base.

    Returns:
        Four colours. Any two can be told apart, with deuteranopia and protanopia too.
    """
    dark = is_dark(palette)
    return tuple(QColor(dark_colour if dark else light_colour) for light_colour, dark_colour in _CURVES)


def muted_text(palette: QPalette) -> QColor:
    """Return the colour of secondary text: quieter than WindowText, still 4.5:1 on Window and Base."""
    return palette.color(QPalette.ColorGroup.Active, _Role.PlaceholderText)


def blend(front: QColor, back: QColor, share: float) -> QColor:
    """Mix two opaque colours; `share` is the part of `front`, from 0 to 1."""
    return QColor.fromRgbF(
        front.redF() * share + back.redF() * (1 - share),
        front.greenF() * share + back.greenF() * (1 - share),
        front.blueF() * share + back.blueF() * (1 - share),
    )
