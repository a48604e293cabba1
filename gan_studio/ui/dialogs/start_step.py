"""StartStepDialog: the question from which step of a run a new one starts, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.moment import Moment
from gan_studio.ui.widgets.array_image import pixmap_of
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating

PICTURE_SIDE, LIST_WIDTH = 224, 260


@dataclass(frozen=True)
class Start:
    """A step that a new run can start from; `has_d`: whether D was kept too, in a checkpoint."""

    moment: Moment
    has_d: bool


class StartStepDialog(Retranslating, QDialog):
    """Lists the kept steps of a run with what each holds, and shows the samples of the chosen one.

    Signals:
        looked_at(object Moment): show what is known of this moment.
        chosen(object Moment): start from this moment.
    """

    looked_at = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._starts = "", tuple[Start, ...]()
        self._facts: tuple[Moment, tuple[str, ...], int | None, NDArray[np.uint8] | None] | None = None
        self._heading, self._picture, self._caption, self._told = (QLabel() for _ in range(4))
        self._list = QListWidget()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._build()
        self._list.currentItemChanged.connect(self._look)
        self._list.itemActivated.connect(self.accept)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.accepted.connect(self._choose)
        self.retranslate()

    def show_starts(self, name: str, starts: Sequence[Start]) -> None:
        """List the steps of a run, newest first, and choose the first of them that has D.

        Args:
            name: what the run is called.
            starts: its kept steps, newest first; at least one.
        """
        self._name, self._starts, self._facts = name, tuple(starts), None
        self._list.clear()
        for _ in self._starts:
            QListWidgetItem(self._list)
        self.retranslate()
        self._list.setCurrentRow(next((row for row, start in enumerate(self._starts) if start.has_d), 0))

    def set_name(self, name: str) -> None:
        """Call the run by another name."""
        self._name = name
        self.retranslate()

    def show_facts(
        self, moment: Moment, facts: tuple[str, ...], pictured: int | None, picture: NDArray[np.uint8] | None
    ) -> None:
        """Show what is known of the chosen step; of another one, nothing.

        Args:
            moment: the step that was read.
            facts: when it was saved and its losses, a line each.
            pictured: step of the samples in `picture`, or None.
            picture: uint8 [H, W, C], or None.
        """
        if moment == self.moment:
            self._facts = (moment, facts, pictured, picture)
            self._show_choice()

    @property
    def moment(self) -> Moment | None:
        """The chosen step."""
        row = self._list.currentRow()
        return self._starts[row].moment if 0 <= row < len(self._starts) else None

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Fine-tune from a run"))
        self._heading.setText(self.tr("From which step of {name} does the new run start?").format(name=self._name))
        self._list.setAccessibleName(self.tr("Steps, newest first"))
        self._list.setToolTip(self.tr("A checkpoint holds G and D, a snapshot the averaged generator (EMA) alone."))
        several = len({start.moment.branch for start in self._starts}) > 1
        for row, start in enumerate(self._starts):
            step = self.tr("step {step}").format(step=grouped(start.moment.step))
            branch = self.tr("branch {branch}").format(branch=start.moment.branch) if several else ""
            holds = self.tr("G and D") if start.has_d else self.tr("G alone")
            self._list.item(row).setText(" · ".join(part for part in (step, branch, holds) if part))
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(self.tr("Start from this step"))
        ok.setToolTip(self.tr("Take over the network settings of the run. Nothing trains until Start is pressed."))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self._show_choice()

    def _look(self) -> None:
        self._facts = None
        self._show_choice()
        if self.moment is not None:
            self.looked_at.emit(self.moment)

    def _choose(self) -> None:
        if self.moment is not None:
            self.chosen.emit(self.moment)

    def _show_choice(self) -> None:
        start = next((start for start in self._starts if start.moment == self.moment), None)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(start is not None)
        self._picture.setAccessibleName(self.tr("Samples of the chosen step"))
        _, facts, pictured, picture = self._facts or (None, (), None, None)
        caption = self.tr("samples of step {step}").format(step=grouped(pictured)) if pictured is not None else ""
        self._caption.setText("\n".join(line for line in (caption, *facts) if line))
        if start is None:
            self._told.setText("")
        elif start.has_d:
            self._told.setText(self.tr("G and D both start from this checkpoint."))
        else:
            self._told.setText(self.tr("Only a snapshot was kept here: G starts from it, D from random weights."))
        if picture is None:
            side = PICTURE_SIDE // 4
            self._picture.setPixmap(icon("image-outline", self.palette()).pixmap(QSize(side, side)))
        else:
            self._picture.setPixmap(pixmap_of(picture, PICTURE_SIDE, self.devicePixelRatio()))

    def _build(self) -> None:
        self.setObjectName("startStepDialog")
        self._heading.setObjectName("startStepHeading")
        self._list.setObjectName("startStepList")
        self._told.setObjectName("startStepTold")
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setObjectName("startStepButton")
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._list.setSpacing(2)
        self._list.setMinimumWidth(LIST_WIDTH)
        self._picture.setFixedSize(PICTURE_SIDE, PICTURE_SIDE)
        for label in (self._heading, self._caption, self._told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        for label in (self._picture, self._caption):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._caption.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self._told.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._told.setFixedWidth(PICTURE_SIDE)
        right = QVBoxLayout()
        for label in (self._picture, self._caption, self._told):
            right.addWidget(label)
        right.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self._list, 1)
        line.addLayout(right)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(self._heading)
        column.addLayout(line, 1)
        column.addWidget(self._buttons)
