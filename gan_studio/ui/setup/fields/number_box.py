"""Number box: a spin box for whole numbers of any size and for numbers of any magnitude."""

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from gan_studio.engine.config.schema import FieldSpec
from gan_studio.ui.setup.fields.number_steps import step_decay, step_scale, step_whole
from gan_studio.ui.setup.fields.number_units import with_unit, without_unit
from gan_studio.ui.widgets.number_text import grouped, significant
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

_SEPARATORS = str.maketrans("", "", " \u00a0\u2009\u202f_'")
_MOST_CHARACTERS = 32
_LINE_MARGINS = 6
"""Pixels that a line keeps free beside its text, cursor included."""


class NumberBox(Retranslating, QAbstractSpinBox):
    """Edits one number within the limits of its FieldSpec.

    2e-4, 0.0002, 10 000 and 30 s may all be typed. Typing alone changes nothing. Enter, leaving the box or a step of
    the arrows accepts the number. A number outside goes to the limit; what is no number is refused.

    Signals:
        committed(object): a person changed the value (int or float, as the spec says).
        limited(str): the typed number is outside the limits; the value went to the nearest one.
        refused(str): the typed text is not allowed; the value stays as it was.
    """

    committed = Signal(object)
    limited = Signal(str)
    refused = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._value: int | float = 0
        self._step = _steps_of(spec)
        need_focus_for_wheel(self)
        self.lineEdit().setMaxLength(_MOST_CHARACTERS)
        self._is_typing = False  # not isModified(): a spin box clears that on Enter, before editingFinished
        self.lineEdit().textEdited.connect(self._begin_typing)
        self.editingFinished.connect(self.settle)
        self.set_value(float(spec.default) if spec.kind == "float" else int(spec.default))

    def value(self) -> int | float:
        """Return the accepted value."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without a signal. What is being typed stays until it is accepted or refused."""
        self._value = int(value) if self._spec.kind == "int" else float(value)
        self.retranslate()

    def settle(self) -> None:
        """Accept what was typed, go to the limit that it is beyond, or refuse it and show the value again."""
        if not self._is_typing:
            return
        typed = self.lineEdit().text()
        value = self._parse(typed)
        inside = None if value is None else self._inside(value)
        if inside is None:
            self._show_value()
            self.refused.emit(typed)
            return
        self._take(inside)
        if inside != value:
            self.limited.emit(typed)

    def revert(self) -> None:
        """Discard what was typed."""
        self._show_value()

    def retranslate(self) -> None:
        """Show the value, with its unit if the box is wide enough, unless a person is typing."""
        if not self._is_typing:
            self._show_value()

    def stepBy(self, steps: int) -> None:
        """Move the value up or down by steps that suit its size; stop at its limits."""
        self.settle()
        value = self._value
        for _ in range(abs(steps)):
            value = self._stepped(value, steps > 0)
        self._take(value)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Enable the arrows that lead to another value."""
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._stepped(self._value, up=True) != self._value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._stepped(self._value, up=False) != self._value:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of eight digits."""
        digits = self.fontMetrics().horizontalAdvance("0" * 8)
        return QSize(digits + 32, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Ask for no more than the minimum."""
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide the unit as it fits."""
        super().resizeEvent(event)
        self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape discard what was typed."""
        if event.key() == Qt.Key.Key_Escape and self._is_typing:
            self.revert()
        else:
            super().keyPressEvent(event)

    def _take(self, value: int | float) -> None:
        value = int(value) if self._spec.kind == "int" else float(value)
        changed = value != self._value
        self._value = value
        self._show_value()
        if changed:
            self.committed.emit(value)

    def _begin_typing(self) -> None:
        self._is_typing = True

    def _show_value(self) -> None:
        self._is_typing = False
        value = self._value
        text = grouped(value) if isinstance(value, int) else significant(value)
        whole = with_unit(self._spec.path, value, text)
        fits = self.fontMetrics().horizontalAdvance(whole) <= self.lineEdit().width() - _LINE_MARGINS
        self.lineEdit().setText(whole if fits else text)

    def _parse(self, text: str) -> int | float | None:
        bare = without_unit(self._spec.path, text).translate(_SEPARATORS)
        try:
            if self._spec.kind == "float":
                return float(bare)
            return int(bare.replace(",", "")) if "e" not in bare.lower() else _whole(float(bare))
        except (ValueError, OverflowError):
            return None

    def _is_allowed(self, value: int | float) -> bool:
        low, high = self._spec.minimum, self._spec.maximum
        if not math.isfinite(value):
            return False
        above = low is None or value > low or (value == low and not self._spec.open_minimum)
        return above and (high is None or value < high or (value == high and not self._spec.open_maximum))

    def _inside(self, value: int | float) -> int | float | None:
        """Return a value that is allowed, or the limit that it is beyond; None where that limit is not allowed."""
        if self._is_allowed(value) or not math.isfinite(value):
            return value if math.isfinite(value) else None
        low, high = self._spec.minimum, self._spec.maximum
        limit = low if low is not None and value <= low else high
        return limit if limit is not None and self._is_allowed(limit) else None

    def _stepped(self, value: int | float, up: bool) -> int | float:
        moved = self._step(value, up)
        if self._is_allowed(moved):
            return moved
        limit = self._spec.maximum if up else self._spec.minimum
        return limit if limit is not None and self._is_allowed(limit) else value


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError(f"{number} is not a whole number")
    return int(number)


def _steps_of(spec: FieldSpec) -> Callable[[int | float, bool], int | float]:
    if spec.name == "seed":
        return lambda value, up: value + 1 if up else value - 1
    if spec.kind == "int":
        return lambda value, up: step_whole(int(value), up)
    return step_decay if spec.maximum == 1 and spec.open_maximum else step_scale
