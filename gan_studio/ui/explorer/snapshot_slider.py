"""The choice of which generator draws: the present one, or how it was at an earlier step."""

from bisect import bisect_left

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

Snapshot = tuple[int, int]
"""Branch and step."""


class SnapshotSlider(QWidget):
    """A slider over the snapshots of a run, oldest on the left, the present generator at the right end.

    Signals:
        source_chosen(object): a person chose a (branch, step), or None for the present generator.
    """

    source_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshots: list[Snapshot] = []
        self._chosen: Snapshot | None = None
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("snapshotSlider")
        self._now = QPushButton(self)
        self._now.setObjectName("snapshotNowButton")
        self._now.setCheckable(True)
        self._label = ElidedLabel(self)
        self._label.setObjectName("snapshotLabel")
        need_focus_for_wheel(self._slider)
        self._slider.valueChanged.connect(self._choose_position)
        self._now.clicked.connect(self._choose_now)
        self._lay_out()
        self._colour()
        self.retranslate()
        self._show_choice()

    @property
    def chosen(self) -> Snapshot | None:
        """The chosen (branch, step), or None for the present generator."""
        return self._chosen

    def set_snapshots(self, snapshots: tuple[Snapshot, ...]) -> None:
        """List the snapshots there are. A chosen one stays chosen; where it is gone, the present generator is."""
        self._snapshots = sorted(set(snapshots))
        if self._chosen is None or self._chosen in self._snapshots:
            self._show_choice()
        else:
            self._choose(None)

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """List one more snapshot; what is chosen stays chosen."""
        self.set_snapshots((*self._snapshots, snapshot))

    def retranslate(self) -> None:
        """Set all text."""
        self._now.setText(self.tr("Now"))
        self._now.setAccessibleName(self.tr("Draw with the present generator"))
        self._now.setToolTip(self.tr("Draw with the generator as it is now; pictures improve while it trains."))
        self._slider.setAccessibleName(self.tr("Generator at an earlier step"))
        self._slider.setToolTip(
            self.tr("See the same point through the generator as it was earlier: how it grew up. The right end is now.")
        )
        self._label.setAccessibleName(self.tr("Which generator draws"))
        self._show_label()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._slider, 1)
        row.addWidget(self._now)
        row.addWidget(self._label, 1)

    def _colour(self) -> None:
        self._now.setIcon(icon("clock-outline", self.palette()))

    def _choose_position(self, position: int) -> None:
        self._choose(self._snapshots[position] if position < len(self._snapshots) else None)

    def _choose_now(self) -> None:
        self._choose(None)

    def _choose(self, snapshot: Snapshot | None) -> None:
        is_other = snapshot != self._chosen
        self._chosen = snapshot
        self._show_choice()
        if is_other:
            self.source_chosen.emit(snapshot)

    def _show_choice(self) -> None:
        count = len(self._snapshots)
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, count)
            self._slider.setPageStep(max(count // 10, 1))
            self._slider.setValue(count if self._chosen is None else bisect_left(self._snapshots, self._chosen))
        self._slider.setEnabled(count > 0)
        self._now.setChecked(self._chosen is None)
        self._show_label()

    def _show_label(self) -> None:
        if self._chosen is None:
            has_earlier = bool(self._snapshots)
            text = self.tr("generator as it is now") if has_earlier else self.tr("no earlier generators yet")
        elif len({branch for branch, _ in self._snapshots}) > 1:
            text = self.tr("generator at step {step}, branch {branch}")
        else:
            text = self.tr("generator at step {step}")
        branch, step = self._chosen or (0, 0)
        self._label.set_full_text(text.format(step=grouped(step), branch=branch))
