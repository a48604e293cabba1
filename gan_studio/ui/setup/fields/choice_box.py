"""A combo box for one choice among a few."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from gan_studio.engine.config.schema import FieldSpec
from gan_studio.ui.widgets.translate import translate


class ChoiceBox(QComboBox):
    """Picks one of the allowed values of a FieldSpec.

    Signals:
        committed(object): a person picked another value (int or str).
    """

    committed = Signal(object)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._value: int | str = next(choice for choice in spec.choices if choice == spec.default)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        for _ in spec.choices:
            self.addItem("")
        self.retranslate()
        self.set_value(self._value)
        self.activated.connect(self._pick)

    def retranslate(self) -> None:
        """Set the title of each choice."""
        for index, choice in enumerate(self._spec.choices):
            self.setItemText(index, translate(self._spec.choice_title(choice)))

    def value(self) -> int | str:
        """Return the chosen value."""
        return self._spec.choices[self.currentIndex()]

    def set_value(self, value: int | str) -> None:
        """Show a choice without a signal.

        Raises:
            ValueError: it is not one of the choices.
        """
        self._value = value
        self.setCurrentIndex(self._spec.choices.index(value))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only where the box has the focus; else the panel scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _pick(self, index: int) -> None:
        value = self._spec.choices[index]
        if value != self._value:
            self._value = value
            self.committed.emit(value)
