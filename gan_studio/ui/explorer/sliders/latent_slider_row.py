"""Latent slider row: the name of one value of z, its slider, a box to type it, and a pin."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QLabel, QToolButton, QWidget

from gan_studio.engine.latent import SLIDER_RANGE, Prior
from gan_studio.ui.widgets.clamping import clamped, validate_number
from gan_studio.ui.widgets.fine_slider import FineSlider

TICKS_PER_UNIT = 1000
"""Ticks of a slider: one tick is the last digit of the typed value."""

_BEYOND_SLIDER: dict[Prior, float] = {"normal": 2.0, "uniform": 1.0, "sphere": 2.0}
"""Limit of typed values, as a multiple of the range of the slider. A normal z may exceed three standard deviations."""


class LatentSliderRow(QWidget):
    """A row of the list of latent sliders.

    A row does not react to a new language or theme. Its list updates all rows, in slices.

    Signals:
        moved(int, float): a person changed z[index] to this value.
        gesture_ended: the person let go of the slider, or finished typing.
        pin_toggled(int, bool): a person pinned z[index], or removed its pin.
    """

    moved = Signal(int, float)
    gesture_ended = Signal()
    pin_toggled = Signal(int, bool)

    def __init__(self, index: int, prior: Prior, parent: QWidget) -> None:
        super().__init__(parent)
        self._index = index
        self._pin_icons = (QIcon(), QIcon())
        self._number = QLabel(self)
        self._slider = FineSlider(self)
        self._value = _ValueBox(self)
        self._pin = QToolButton(self, autoRaise=True)
        self._pin.setCheckable(True)
        self._slider.setObjectName(f"latentSlider{index}")
        self._value.setObjectName(f"latentValue{index}")
        self._pin.setObjectName(f"latentPin{index}")
        self._number.setBuddy(self._slider)
        self._lay_out()
        self.set_prior(prior)
        self.retranslate()
        self._slider.valueChanged.connect(self._take_from_slider)
        self._slider.gesture_ended.connect(self.gesture_ended)
        self._value.valueChanged.connect(self._take_from_value)
        self._value.editingFinished.connect(self.gesture_ended)
        self._value.lineEdit().returnPressed.connect(self._slider.setFocus)
        self._pin.toggled.connect(self._pass_on_pin)

    @property
    def is_held(self) -> bool:
        """Whether the mouse holds the slider."""
        return self._slider.isSliderDown()

    def set_drag_interval(self, milliseconds: int) -> None:
        """Set the minimum time between two reported positions of a drag; 0 reports every position."""
        self._slider.drag_interval = milliseconds

    def set_prior(self, prior: Prior) -> None:
        """Set the limits of slider and typed value without a signal."""
        limit = SLIDER_RANGE[prior]
        with QSignalBlocker(self._slider), QSignalBlocker(self._value):
            self._slider.setRange(-round(limit * TICKS_PER_UNIT), round(limit * TICKS_PER_UNIT))
            self._slider.setSingleStep(round(limit * TICKS_PER_UNIT / 60))
            self._slider.setPageStep(round(limit * TICKS_PER_UNIT / 6))
            self._value.setRange(-limit * _BEYOND_SLIDER[prior], limit * _BEYOND_SLIDER[prior])

    def show_value(self, value: float) -> None:
        """Show z[index] without a signal."""
        with QSignalBlocker(self._slider), QSignalBlocker(self._value):
            self._slider.setValue(round(value * TICKS_PER_UNIT))
            self._value.setValue(_shown(value))

    def set_pinned(self, is_pinned: bool) -> None:
        """Set or remove the pin without a signal."""
        with QSignalBlocker(self._pin):
            self._pin.setChecked(is_pinned)
        self._show_pin()

    def set_pin_icons(self, free: QIcon, pinned: QIcon) -> None:
        """Set the icons of the pin: not pinned, and pinned."""
        self._pin_icons = (free, pinned)
        self._show_pin()

    def focus_slider(self) -> None:
        """Give the slider the keyboard focus."""
        self._slider.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def retranslate(self) -> None:
        """Set all text."""
        name = self.tr("z {number}").format(number=self._index)
        self._number.setText(name)
        self._slider.setAccessibleName(name)
        tip = self.tr(
            "One value of z, the input of the generator.\n"
            "Hold Shift for fine steps. Double-click or press Backspace to set it to 0, the mean."
        )
        self._number.setToolTip(tip)
        self._slider.setToolTip(tip)
        self._value.setAccessibleName(self.tr("Value of z {number}").format(number=self._index))
        self._value.setToolTip(self.tr("Type a value and press Enter."))
        self._pin.setAccessibleName(self.tr("Pin z {number}").format(number=self._index))
        self._pin.setToolTip(self.tr("Pin this value: Randomize leaves it as it is."))

    def _lay_out(self) -> None:
        self._number.setFixedWidth(self.fontMetrics().horizontalAdvance("z 0000"))
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._value.setFixedWidth(self.fontMetrics().horizontalAdvance("-0.0000") + 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 4, 1)
        row.setSpacing(8)
        row.addWidget(self._number)
        row.addWidget(self._slider, 1)
        row.addWidget(self._value)
        row.addWidget(self._pin)

    def _take_from_slider(self, tick: int) -> None:
        value = tick / TICKS_PER_UNIT
        with QSignalBlocker(self._value):
            self._value.setValue(value)
        self.moved.emit(self._index, value)

    def _take_from_value(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(value * TICKS_PER_UNIT))
        self.moved.emit(self._index, value)

    def _pass_on_pin(self, is_pinned: bool) -> None:
        self._show_pin()
        self.pin_toggled.emit(self._index, is_pinned)

    def _show_pin(self) -> None:
        self._pin.setIcon(self._pin_icons[self._pin.isChecked()])


class _ValueBox(QDoubleSpinBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDecimals(3)
        self.setSingleStep(0.05)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return validate_number(text, position)

    def valueFromText(self, text: str) -> float:
        return clamped(self, text, self.value(), self.minimum(), self.maximum())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _shown(value: float) -> float:
    return round(value, 3) + 0.0  # never "-0.000"
