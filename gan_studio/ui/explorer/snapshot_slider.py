"""Time slider: chooses the generator that draws, the current one or an earlier snapshot."""

from bisect import bisect_left

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from gan_studio.engine.moment import Moment
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel


class SnapshotSlider(Retranslating, QWidget):
    """A slider over the snapshots of a run: the oldest at the left, the current generator at the right end.

    Signals:
        source_chosen(object): another snapshot (Moment), or the current generator (None), draws from now on.
    """

    source_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshots: list[Moment] = []
        self._chosen: Moment | None = None
        self._unlisted: Moment | None = None
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
        self.follow_palette()
        self.retranslate()
        self._show_choice()

    @property
    def chosen(self) -> Moment | None:
        """The chosen snapshot, or None for the current generator."""
        return self._chosen

    def set_snapshots(self, snapshots: tuple[Moment, ...]) -> None:
        """List the snapshots of the run. If the chosen one was listed and is gone, choose the current generator."""
        self._snapshots = sorted(set(snapshots))
        if self._chosen in (None, self._unlisted) or self._chosen in self._snapshots:
            self._show_choice()
        else:
            self.choose(None)

    def choose(self, snapshot: Moment | None) -> None:
        """Choose a snapshot, or the current generator (None). One that is not listed stays until another is chosen."""
        is_other = snapshot != self._chosen
        self._chosen = snapshot
        self._unlisted = None if snapshot in self._snapshots else snapshot
        self._show_choice()
        if is_other:
            self.source_chosen.emit(snapshot)

    def retranslate(self) -> None:
        """Set all text."""
        self._now.setText(self.tr("Now"))
        self._now.setAccessibleName(self.tr("Draw with the current generator"))
        self._now.setToolTip(self.tr("Draw with the current generator. While the run trains, the picture follows it."))
        self._slider.setAccessibleName(self.tr("Time slider: generator at an earlier step"))
        self._slider.setToolTip(
            self.tr(
                "Draw the same point with an earlier generator, to see how it learned."
                " The right end is the current generator."
            )
        )
        self._label.setAccessibleName(self.tr("Generator that draws"))
        self._show_label()

    def follow_palette(self) -> None:
        """Colour the icon."""
        self._now.setIcon(icon("clock-outline", self.palette()))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._slider, 1)
        row.addWidget(self._now)
        row.addWidget(self._label, 1)

    def _choose_position(self, position: int) -> None:
        self.choose(self._snapshots[position] if position < len(self._snapshots) else None)

    def _choose_now(self) -> None:
        self.choose(None)

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
        self._label.set_full_text(self._label_text())

    def _label_text(self) -> str:
        if self._chosen is None:
            return self.tr("current generator") if self._snapshots else self.tr("no snapshots")
        if len({snapshot.branch for snapshot in self._snapshots}) > 1:
            text = self.tr("generator at step {step}, branch {branch}")
        else:
            text = self.tr("generator at step {step}")
        return text.format(step=grouped(self._chosen.step), branch=self._chosen.branch)
