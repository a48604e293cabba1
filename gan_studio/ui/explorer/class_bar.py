"""Class bar: chooses a class, and a second class to blend with it."""

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gan_studio.ui.explorer.class_blend import Blend, heaviest, mixed
from gan_studio.ui.explorer.gesture import Gesture
from gan_studio.ui.widgets.fine_slider import FineSlider
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

_PERCENT = 100
_WIDEST_BOX, _WIDEST_SLIDER = 220, 420


class ClassBar(Retranslating, QWidget):
    """Two classes of a class-conditional generator, and a slider that blends the second into the first.

    Hidden for a generator without classes.

    Signals:
        blend_moved(tuple[float, ...]): a person changed the weights of the classes.
        blend_settled: a gesture is over: a class was picked, a drag ended, or a pause followed the last key.
    """

    blend_moved = Signal(object)
    blend_settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classBar")
        self._blend: Blend = ()
        self._title = QLabel(self)
        self._first = _ClassBox("classBox", self)
        self._share = FineSlider(self)
        self._reading = QLabel(self)
        self._second = _ClassBox("otherClassBox", self)
        self._gesture = Gesture(self._share.isSliderDown, self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.set_classes(())

    @property
    def blend(self) -> Blend:
        """The weights that the bar shows."""
        return self._blend

    def set_classes(self, names: tuple[str, ...]) -> None:
        """List these classes and choose the first one alone; hide the bar when there are none."""
        self._gesture.drop()
        for box in (self._first, self._second):
            box.set_names(names)
        self._blend = mixed(len(names), 0, 0, 0.0) if names else ()
        self._place(0, min(1, len(names) - 1), 0)
        for part in (self._share, self._reading, self._second):
            part.setVisible(len(names) > 1)
        self.setVisible(bool(names))

    def set_blend(self, blend: Blend) -> None:
        """Show other weights without a signal. If more than two classes are blended, show the two heaviest.

        Raises:
            ValueError: the blend has more or fewer classes than the bar.
        """
        if len(blend) != len(self._blend):
            raise ValueError(f"{len(blend)} weights for {len(self._blend)} classes")
        self._gesture.drop()
        if blend != self._blend:
            self._blend = blend
            self._place(*self._places_of(blend))

    def set_drag_interval(self, milliseconds: int) -> None:
        """Set the minimum time between two reported positions of a drag; 0 reports every position."""
        self._share.drag_interval = milliseconds

    def settle(self) -> None:
        """End the current gesture, if there is one."""
        self._gesture.end()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Classes"))
        self._title.setText(self.tr("Class"))
        self._first.setAccessibleName(self.tr("Class"))
        self._first.setToolTip(
            self.tr("Class of the picture. The generator learned the classes from the labels of the data.")
        )
        self._second.setAccessibleName(self.tr("Class to blend with"))
        self._second.setToolTip(self.tr("Second class, at the right end of the slider."))
        self._share.setAccessibleName(self.tr("Blend of the two classes"))
        tip = self.tr(
            "Share of the second class in the blend. The generator was never trained on blends."
            "\nDouble-click or press Backspace to return to the first class alone."
        )
        self._share.setToolTip(tip)
        self._reading.setToolTip(tip)
        self._show_share()

    # Construction.

    def _lay_out(self) -> None:
        self._title.setBuddy(self._first)
        self._share.setObjectName("classBlendSlider")
        self._share.setRange(0, _PERCENT)
        self._share.setSingleStep(_PERCENT // 20)
        self._share.setPageStep(_PERCENT // 5)
        self._share.setMinimumWidth(100)
        self._share.setMaximumWidth(_WIDEST_SLIDER)
        self._reading.setObjectName("classBlendReading")
        self._reading.setMinimumWidth(self.fontMetrics().horizontalAdvance("100\u202f%") + 2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._title, self._first, self._share, self._reading, self._second):
            row.addWidget(part, 10 if part is self._share else 0)
        row.addStretch(1)

    def _connect(self) -> None:
        self._first.activated.connect(self._pick_first)
        self._second.activated.connect(self._pick)
        self._share.valueChanged.connect(self._take_blend)
        self._share.gesture_ended.connect(self._gesture.end)
        self._gesture.ended.connect(self.blend_settled)

    # Gestures.

    def _pick_first(self) -> None:
        if self._share.value() == _PERCENT:  # else the picked class would have no weight
            with QSignalBlocker(self._share):
                self._share.setValue(0)
        self._pick()

    def _pick(self) -> None:
        self.settle()
        self._take_blend()
        self.settle()

    def _take_blend(self) -> None:
        """Read the weights from the controls, and announce them when they changed."""
        self._show_share()
        first, second = self._first.currentIndex(), self._second.currentIndex()
        blend = mixed(len(self._blend), first, second, self._share.value() / _PERCENT)
        if blend != self._blend:
            self._blend = blend
            self._gesture.move()
            self.blend_moved.emit(blend)

    # Showing.

    def _places_of(self, blend: Blend) -> tuple[int, int, int]:
        """Find the two classes and the percentage that show a blend; a box keeps its class if possible."""
        (first, weight), *others = heaviest(blend)
        now = self._second.currentIndex()
        if not others:
            return first, now, 0
        second, other_weight = others[0]
        if self._first.currentIndex() == second or (now == first and self._first.currentIndex() != first):
            first, second, weight, other_weight = second, first, other_weight, weight
        return first, second, round(_PERCENT * other_weight / (weight + other_weight))

    def _place(self, first: int, second: int, percent: int) -> None:
        self._first.setCurrentIndex(first)
        self._second.setCurrentIndex(second)
        with QSignalBlocker(self._share):
            self._share.setValue(percent)
        self._show_share()

    def _show_share(self) -> None:
        self._share.setEnabled(self._first.currentIndex() != self._second.currentIndex())
        self._reading.setText(self.tr("{share}\u202f%").format(share=self._share.value()))


class _ClassBox(QComboBox):
    """A combo box of class names."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMaxVisibleItems(16)
        self.setMaximumWidth(_WIDEST_BOX)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        need_focus_for_wheel(self)

    def minimumSizeHint(self) -> QSize:
        """Allow a long name to be cut."""
        return QSize(min(super().minimumSizeHint().width(), 90), super().minimumSizeHint().height())

    def set_names(self, names: tuple[str, ...]) -> None:
        """List these classes."""
        self.clear()
        self.addItems(names)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
