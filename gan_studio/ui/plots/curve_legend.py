"""CurveLegend: one line over a plot that names its curves and reads their values at a step."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.widgets.steady import show_steadily, tabular
from gan_studio.ui.widgets.theme import muted_text


@dataclass(frozen=True)
class CurveText:
    """What one curve is called.

    Attributes:
        name: as short as "D" or "D(x)".
        help: what it means, in plain words.
    """

    name: str
    help: str


class CurveLegend(QWidget):
    """Title, then a sample of each line with its name and value, then the step they were read at."""

    def __init__(self, name: str, styles: Sequence[CurveStyle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._swatches = [_Swatch(style, self) for style in styles]
        self._names = [QLabel(self) for _ in styles]
        self._values = [QLabel(self) for _ in styles]
        self._step = QLabel(self)
        self._title.setObjectName(f"{name}Title")
        self._step.setObjectName(f"{name}Step")
        for number, label in enumerate(self._values):
            label.setObjectName(f"{name}Value{number}")
        self._build()
        self._apply_palette()

    def set_texts(self, title: str, curves: Sequence[CurveText]) -> None:
        """Name the plot and its curves."""
        self._title.setText(title)
        for swatch, name, value, text in zip(self._swatches, self._names, self._values, curves, strict=True):
            name.setText(text.name)
            value.setAccessibleName(text.name)
            for part in (swatch, name, value):
                part.setToolTip(text.help)

    def set_reading(self, step: str, values: Sequence[str]) -> None:
        """Show the value of each curve, and in words where they were read."""
        self._step.setText(step)
        for label, value in zip(self._values, values, strict=True):
            show_steadily(label, value)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._apply_palette()

    def _build(self) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(bold)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._title)
        room = self.fontMetrics().horizontalAdvance("0.000")
        for parts in zip(self._swatches, self._names, self._values, strict=True):
            row.addSpacing(5)
            for part in parts:
                row.addWidget(part)
            parts[2].setFont(tabular(self.font()))
            parts[2].setMinimumWidth(room)
        row.addWidget(self._step, 1)
        self._step.setFont(tabular(self.font()))
        self._step.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _apply_palette(self) -> None:
        for label in (*self._names, self._step):
            palette = label.palette()
            palette.setColor(QPalette.ColorRole.WindowText, muted_text(self.palette()))
            label.setPalette(palette)


class _Swatch(QWidget):
    """A short piece of a curve's line."""

    def __init__(self, style: CurveStyle, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.setFixedSize(QSize(24, 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setPen(self._style.pen(self.palette()))
        painter.drawLine(QLineF(0, 6, self.width(), 6))
