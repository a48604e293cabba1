"""CurveLegend: the names of a plot's curves and their values at a step, above the plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.ui.plots.curve_style import CurveStyle
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.steady import show_steadily, tabular


@dataclass(frozen=True)
class CurveText:
    """Name and help of one curve.

    Attributes:
        name: short, such as "D" or "D(x)".
        help: what it means, in plain words.
    """

    name: str
    help: str


class CurveLegend(QWidget):
    """Title, curves and step of the values in one line; of three curves or more, only the first is there."""

    def __init__(self, name: str, styles: Sequence[CurveStyle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._swatches = [_Swatch(style, self) for style in styles]
        self._names = [QLabel(self) for _ in styles]
        self._values = [QLabel(self) for _ in styles]
        self._step = QLabel(self)
        self._kind = QLabel(self)
        self._kind.setObjectName(f"{name}Kind")
        self._title.setObjectName(f"{name}Title")
        self._step.setObjectName(f"{name}Step")
        for number, label in enumerate(self._values):
            label.setObjectName(f"{name}Value{number}")
        self._build()

    def set_texts(self, title: str, curves: Sequence[CurveText]) -> None:
        """Name the plot and its curves."""
        self._title.setText(title)
        for swatch, name, value, text in zip(self._swatches, self._names, self._values, curves, strict=True):
            name.setText(text.name)
            value.setAccessibleName(text.name)
            for part in (swatch, name, value):
                part.setToolTip(paragraphs(text.help))

    def set_reading(self, step: str, values: Sequence[str]) -> None:
        """Show the value of each curve, and the text that names their step."""
        self._step.setText(step)
        for label, value in zip(self._values, values, strict=True):
            show_steadily(label, value)

    def set_kind(self, text: str, help_text: str) -> None:
        """Say what the values are, such as "smoothed"; an empty text says nothing."""
        if text != self._kind.text():
            self._kind.setText(text)
        self._kind.setToolTip(paragraphs(help_text))

    def _build(self) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(bold)
        for label in (*self._names, self._step, self._kind):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for value in self._values:
            value.setFont(tabular(self.font()))
            value.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.000"))
        in_first = 1 if len(self._values) > 2 else len(self._values)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        first, second = self._line(range(in_first)), self._line(range(in_first, len(self._values)))
        first.insertWidget(0, self._title)
        first.insertSpacing(1, 5)
        first.addWidget(self._kind)
        first.addWidget(self._step, 1)
        second.addStretch(1)
        column.addLayout(first)
        column.addLayout(second)
        self._step.setFont(tabular(self.font()))
        self._step.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _line(self, numbers: range) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(5)
        for number in numbers:
            for part in (self._swatches[number], self._names[number], self._values[number]):
                line.addWidget(part)
            line.addSpacing(5)
        return line


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
