"""GoingBackDialog: the one question before a run goes back: to what, and what becomes of the present branch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.ui.widgets.array_image import pixmap_of
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.number_text import grouped, significant
from gan_studio.ui.widgets.retranslating import Retranslating

PICTURE_SIDE, TEXT_WIDTH = 224, 340
WHOLE, HALF = 1.0, 0.5
"""Shares of the learning rates that a person can choose; WHOLE takes up those of the checkpoint."""


@dataclass(frozen=True)
class GoingBack:
    """What the question shows.

    Attributes:
        step, branch: the checkpoint.
        facts: when it was saved and its losses, a line each.
        pictured: step of the samples in `picture`, or None.
        picture: uint8 [H, W, C], or None.
        stays: what becomes of the present branch.
        rates: present learning rates of G and D.
    """

    step: int
    branch: int
    facts: tuple[str, ...]
    pictured: int | None
    picture: NDArray[np.uint8] | None
    stays: str
    rates: tuple[float, float]


class GoingBackDialog(Retranslating, QDialog):
    """Asks whether to go back to a checkpoint. It is not modal: the run trains on until it is answered.

    Signals:
        answered(float share): go back; HALF: with half the present learning rates.
    """

    answered = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = GoingBack(0, 0, (), None, None, "", (0.0, 0.0))
        self._picture, self._caption = QLabel(), QLabel()
        self._heading, self._facts, self._stays, self._rates = (QLabel() for _ in range(4))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._back, self._slower = QPushButton(), QPushButton()
        self._build()
        self._buttons.rejected.connect(self.reject)
        self._back.clicked.connect(lambda: self._answer(WHOLE))
        self._slower.clicked.connect(lambda: self._answer(HALF))
        self.retranslate()

    def show_question(self, question: GoingBack) -> None:
        """Show a question, or new facts of the same one."""
        self._question = question
        self.retranslate()
        if not self.isVisible():
            self.adjustSize()
            self._back.setFocus()

    def retranslate(self) -> None:
        """Set every text."""
        asked = self._question
        step = grouped(asked.step)
        self.setWindowTitle(self.tr("Go back"))
        self._heading.setText(self.tr("Go back to step {step}?").format(step=step))
        branch = self.tr("branch {branch}").format(branch=asked.branch)
        self._facts.setText("\n".join((branch, *asked.facts)))
        self._stays.setText(asked.stays)
        self._write_rates()
        self._show_picture()
        cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        self._back.setText(self.tr("Go back"))
        self._back.setToolTip(self.tr("Train on from this checkpoint, with the learning rates that it was saved with."))
        self._slower.setText(self.tr("Go back with half the rates"))

    def _write_rates(self) -> None:
        now, half = ([significant(share * rate, 3) for rate in self._question.rates] for share in (WHOLE, HALF))
        text = self.tr("Half the present learning rates: G {g_now} to {g}, D {d_now} to {d}.")
        words = text.format(g_now=now[0], d_now=now[1], g=half[0], d=half[1])
        self._rates.setText(words)
        self._slower.setToolTip(words)

    def _show_picture(self) -> None:
        asked = self._question
        self._picture.setAccessibleName(self.tr("Samples of the checkpoint"))
        if asked.picture is None:
            side = PICTURE_SIDE // 4
            self._picture.setPixmap(icon("image-outline", self.palette()).pixmap(QSize(side, side)))
            self._caption.setText(self.tr("no samples were kept"))
            return
        self._picture.setPixmap(pixmap_of(asked.picture, PICTURE_SIDE, self.devicePixelRatio()))
        self._caption.setText(self.tr("samples of step {step}").format(step=grouped(asked.pictured or 0)))

    def _answer(self, share: float) -> None:
        self.hide()
        self.answered.emit(share)

    def _build(self) -> None:
        self.setObjectName("goingBackDialog")
        self._back.setObjectName("goBackButton")
        self._slower.setObjectName("goBackSlowerButton")
        self._stays.setObjectName("goingBackStays")
        self._facts.setObjectName("goingBackFacts")
        self._picture.setFixedSize(PICTURE_SIDE, PICTURE_SIDE)
        for label in (self._heading, self._facts, self._stays, self._rates, self._caption):
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self._stays, self._rates):
            label.setWordWrap(True)
            label.setMinimumWidth(TEXT_WIDTH)
        for label in (self._picture, self._caption):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self._caption, self._rates):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._heading.setFont(font)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setIcon(QIcon())
        self._buttons.addButton(self._slower, QDialogButtonBox.ButtonRole.ActionRole)
        self._buttons.addButton(self._back, QDialogButtonBox.ButtonRole.ActionRole)
        for button in (self._buttons.button(QDialogButtonBox.StandardButton.Cancel), self._slower):
            button.setAutoDefault(False)
        self._back.setDefault(True)
        self._arrange()

    def _arrange(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self._picture)
        left.addWidget(self._caption)
        left.addStretch(1)
        right.setSpacing(10)
        for label in (self._heading, self._facts, self._stays, self._rates):
            right.addWidget(label)
        right.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addLayout(left)
        line.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(line)
        column.addWidget(self._buttons)
