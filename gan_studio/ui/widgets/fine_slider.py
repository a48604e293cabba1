"""FineSlider: a slider that jumps to a click and moves ten times finer with Shift."""

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

KEYS_REST_MS = 500
"""A pause of so many milliseconds ends a gesture of keys, wheel or clicks; longer than that of a double-click."""

_FINE = 0.1
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
_RESET_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_0)


class FineSlider(QSlider):
    """A horizontal slider around 0.

    A click moves the handle there, and a drag follows the mouse. Shift makes dragging and the arrow keys ten times
    finer. A double-click, Backspace, Delete or 0 goes back to 0. The wheel moves it only while it has the focus.

    Attributes:
        drag_interval: minimum milliseconds between two values of a drag; 0 takes every move of the mouse.

    Signals:
        gesture_ended: a drag or a reset is over. Keys do not emit it. Nor does a click: it may become a double-click.
    """

    gesture_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.drag_interval = 0
        self._drag_value = 0.0
        self._drag_x = 0.0
        self._drag_scale = 1.0
        self._has_dragged = False
        self._drag_rest = QTimer(self, singleShot=True)
        self._drag_rest.timeout.connect(self._go_on_dragging)

    def reset(self) -> None:
        """Go back to 0 as one gesture, also from a value that is only rounded to 0 here."""
        if self.value() == 0:
            self.valueChanged.emit(0)
        self.setValue(0)
        self.gesture_ended.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the handle. A press beside the handle moves it there first, unless Shift is held."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        handle, span = self._handle_and_span()
        self._drag_scale = (self.maximum() - self.minimum()) / span
        if not handle.contains(event.position().toPoint()) and not _is_fine(event):
            self.setSliderPosition(self._value_at(event.position().x()))
        self._drag_value, self._drag_x = float(self.value()), event.position().x()
        self._has_dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse, at a tenth of its distance while Shift is held."""
        if not self.isSliderDown():
            event.ignore()
            return
        x = event.position().x()
        self._drag_value += (x - self._drag_x) * self._drag_scale * (_FINE if _is_fine(event) else 1.0)
        self._drag_x = x
        self._has_dragged = True
        if not self._drag_rest.isActive():
            self._go_on_dragging()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the handle."""
        if event.button() != Qt.MouseButton.LeftButton or not self.isSliderDown():
            event.ignore()
            return
        self._drag_rest.stop()
        if self._has_dragged:
            self.setSliderPosition(round(self._drag_value))
        self.setSliderDown(False)
        if self._has_dragged:
            self.gesture_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to 0."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrow keys, finely with Shift; go back to 0 by Backspace, Delete or 0."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            step = self.singleStep() * (_FINE if _is_fine(event) else 1.0)
            self.setValue(self.value() + _ARROWS[key] * max(round(step), 1))
        elif key in _RESET_KEYS:
            self.reset()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move only with the focus; otherwise let the list scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _go_on_dragging(self) -> None:
        """Move to the newest place of the mouse; the timer runs on only while the mouse moves."""
        place = round(self._drag_value)
        if self.drag_interval and place != self.sliderPosition():
            self._drag_rest.start(self.drag_interval)
        self.setSliderPosition(place)

    def _handle_and_span(self) -> tuple[QRect, int]:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        handle = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        groove = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        return handle, max(groove.width() - handle.width(), 1)

    def _value_at(self, x: float) -> int:
        handle, span = self._handle_and_span()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - handle.width() / 2), span)


def _is_fine(event: QMouseEvent | QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
