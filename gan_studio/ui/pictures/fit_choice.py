"""FitChoice: crop, border or stretch, each shown on a person's own pictures."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from gan_studio.engine.config.schema import field_specs
from gan_studio.ui.pictures.fitting import Size, draw_fitted
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

SIDE, GAP, SHOWN = 44, 4, 4
"""Pixels: side of a picture and distance of two; how many are shown for each choice."""

_FIT = next(spec for spec in field_specs() if spec.path == "data.fit")


class FitChoice(Retranslating, QWidget):
    """Three buttons, one for each way in which pictures become square.

    Signals:
        chosen(str): a choice of data.fit.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[tuple[QImage, Size | None], ...] = ()
        self._background = QColor("#ffffff")
        self._buttons = {str(fit): QToolButton() for fit in _FIT.choices}
        self._build()
        self.retranslate()

    def set_pictures(self, originals: Sequence[QImage], sizes: Sequence[Size | None]) -> None:
        """Show the choices on those pictures that are the least square, for which it matters most."""
        pairs = sorted(zip(originals, sizes, strict=True), key=_squareness)
        self._pictures = tuple(pairs[:SHOWN])
        self.follow_palette()

    def show_choice(self, fit: str, background: str) -> None:
        """Show which way is chosen, and the colour of the border, without a signal."""
        self._buttons[fit].setChecked(True)
        for button in self._buttons.values():
            font = button.font()
            font.setBold(button.isChecked())
            button.setFont(font)
        if QColor(background) != self._background:
            self._background = QColor(background)
            self.follow_palette()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(translate(_FIT.title))
        tips = {
            "crop": self.tr("Cut out the middle square. What lies beside it is lost."),
            "border": self.tr("Keep the whole picture, with a border that the networks learn too."),
            "stretch": self.tr("Keep the whole picture in other proportions."),
        }
        for fit, button in self._buttons.items():
            button.setText(translate(_FIT.choice_title(fit)))
            button.setAccessibleName(translate(_FIT.choice_title(fit)))
            button.setToolTip(tips[fit])

    def follow_palette(self) -> None:
        """Draw the pictures of every button."""
        for fit, button in self._buttons.items():
            button.setIcon(QIcon(self._strip(fit)))

    def _strip(self, fit: str) -> QPixmap:
        ratio = self.devicePixelRatio()
        size = QSize(SHOWN * (SIDE + GAP) - GAP, SIDE)
        strip = QPixmap(size * ratio)
        strip.setDevicePixelRatio(ratio)
        strip.fill(Qt.GlobalColor.transparent)
        painter = QPainter(strip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for column, (picture, original) in enumerate(self._pictures):
            place = QRectF(column * (SIDE + GAP), 0, SIDE, SIDE)
            draw_fitted(painter, place, picture, original, fit, self._background, self.palette())
        painter.end()
        return strip

    def _build(self) -> None:
        self.setObjectName("fitChoice")
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for fit, button in self._buttons.items():
            button.setObjectName(f"{fit}FitButton")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(SHOWN * (SIDE + GAP) - GAP, SIDE))
            button.clicked.connect(lambda _=False, fit=fit: self.chosen.emit(fit))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)


def _squareness(pair: tuple[QImage, Size | None]) -> float:
    size = pair[1]
    return 1.0 if size is None else min(size) / max(size)
