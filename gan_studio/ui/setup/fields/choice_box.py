"""Choice box: a combo box for a setting with a few allowed values."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gan_studio.engine.config.schema import FieldSpec
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel


class ChoiceBox(Retranslating, QComboBox):
    """Picks one of the allowed values of a FieldSpec.

    Signals:
        committed(object): a person picked another value (int or str).
    """

    committed = Signal(object)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._value: int | str = next(choice for choice in spec.choices if choice == spec.default)
        need_focus_for_wheel(self)
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
            ValueError: the value is not one of the choices.
        """
        self._value = value
        self.setCurrentIndex(self._spec.choices.index(value))

    def _pick(self, index: int) -> None:
        value = self._spec.choices[index]
        if value != self._value:
            self._value = value
            self.committed.emit(value)
