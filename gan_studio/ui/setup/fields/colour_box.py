"""Colour box: a button that shows a colour and opens a dialog to choose it, and its hexadecimal digits."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QToolButton, QWidget

from gan_studio.engine.config.schema import FieldSpec
from gan_studio.ui.setup.fields.text_box import TextBox
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

SWATCH = QSize(16, 16)


class ColourBox(Retranslating, QWidget):
    """Edits one colour, written as #rrggbb.

    Signals:
        committed(object): a person changed the colour (str).
        refused(str): the typed text is not a colour; the colour stays as it was.
    """

    committed = Signal(object)
    refused = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._digits = TextBox(spec)
        self._button = QToolButton()
        self._build()
        self._digits.committed.connect(self._commit)
        self._digits.refused.connect(self.refused)
        self._button.clicked.connect(self._ask)
        self.retranslate()
        self.follow_palette()

    def retranslate(self) -> None:
        """Set all text."""
        title = translate(self._spec.title)
        self._digits.setAccessibleName(title)
        self._digits.setToolTip(self.tr("Colour as # and six hexadecimal digits: red, green, blue."))
        self._button.setAccessibleName(self.tr("Choose a colour: {title}").format(title=title))
        self._button.setToolTip(self.tr("Choose a colour."))

    def value(self) -> str:
        """Return the accepted colour."""
        return self._digits.value()

    def set_value(self, value: str) -> None:
        """Show a colour without a signal."""
        self._digits.set_value(value)
        self.follow_palette()

    def settle(self) -> None:
        """Accept what was typed, or refuse it and show the colour again."""
        self._digits.settle()

    def revert(self) -> None:
        """Discard what was typed."""
        self._digits.revert()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme, and whether the box is enabled."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.follow_palette()

    def _build(self) -> None:
        self._digits.setObjectName(f"{self._spec.name}Digits")
        self._button.setObjectName(f"{self._spec.name}Button")
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._button.setIconSize(SWATCH)
        self.setFocusProxy(self._digits)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._button)
        line.addWidget(self._digits, 1)

    def _commit(self, value: object) -> None:
        self.follow_palette()
        self.committed.emit(value)

    def _ask(self) -> None:
        self.settle()
        colour = QColorDialog.getColor(QColor(self.value()), self, translate(self._spec.title))
        if colour.isValid() and colour.name() != self.value().lower():
            self._digits.set_value(colour.name())
            self._commit(colour.name())

    def follow_palette(self) -> None:
        """Draw the colour on the button."""
        ratio = self.devicePixelRatio()
        pixmap = QPixmap(SWATCH * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self.value()))
        painter = QPainter(pixmap)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(0, 0, SWATCH.width() - 1, SWATCH.height() - 1)
        painter.end()
        self._button.setIcon(pixmap)
