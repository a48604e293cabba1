"""FreeSpaceDialog: files that a run can do without, by kind, and a button that deletes the ticked kinds."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.text.units import bytes_text
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating

WIDTH = 520
KINDS = ("checkpoints", "snapshots", "sheets", "leftovers")
"""Kinds of files, in the order of the rows."""


@dataclass(frozen=True)
class SpareRow:
    """Files of one kind that can be deleted.

    Attributes:
        kind: one of KINDS.
        count: how many there are.
        size_bytes: their size together.
        explanation: what these files are for, and which of them are kept.
    """

    kind: str
    count: int
    size_bytes: int
    explanation: str


class FreeSpaceDialog(Retranslating, QDialog):
    """Lists the files that can be deleted. It neither reads nor deletes them itself.

    Signals:
        freeing_wanted(object tuple[str, ...]): the kinds that a person wants to delete.
    """

    freeing_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, SpareRow] = {}
        self._sizes: tuple[int, int] | None = None
        self._freed: int | None = None
        self._summary = QLabel()
        self._boxes = {kind: QCheckBox() for kind in KINDS}
        self._amounts = {kind: QLabel() for kind in KINDS}
        self._explanations = {kind: QLabel() for kind in KINDS}
        self._result = QLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._delete: QAbstractButton = self._buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        self._build()
        self._buttons.rejected.connect(self.reject)
        self._delete.clicked.connect(self._want)
        for box in self._boxes.values():
            box.toggled.connect(self._show_choice)
        self.retranslate()

    def show_waiting(self) -> None:
        """Show that the run is being measured."""
        self._rows, self._sizes, self._freed = {}, None, None
        self.retranslate()

    def show_rows(self, rows: Sequence[SpareRow], run_bytes: int, free_bytes: int) -> None:
        """Show what can be deleted; a kind without files cannot be ticked.

        Args:
            rows: one for each kind.
            run_bytes: size of the whole run.
            free_bytes: free space on its disk.
        """
        first_look = not self._rows
        self._rows, self._sizes = {row.kind: row for row in rows}, (run_bytes, free_bytes)
        for kind, box in self._boxes.items():
            has_files = kind in self._rows and self._rows[kind].count > 0
            box.setChecked(has_files and (box.isChecked() or (first_look and kind == "leftovers")))
        self.retranslate()

    def show_freed(self, freed_bytes: int) -> None:
        """Show how much was deleted, in bytes."""
        self._freed = freed_bytes
        self.retranslate()

    def chosen(self) -> tuple[str, ...]:
        """Return the kinds that are ticked."""
        return tuple(kind for kind, box in self._boxes.items() if box.isChecked())

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Free space"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        titles = (
            self.tr("&Checkpoints"),
            self.tr("Sna&pshots"),
            self.tr("&Sample sheets"),
            self.tr("&Unfinished files"),
        )
        for (kind, box), title in zip(self._boxes.items(), titles, strict=True):
            row = self._rows.get(kind)
            box.setText(title)
            box.setAccessibleName(title.replace("&", ""))
            box.setToolTip(self.tr("Delete these files when the button below is pressed."))
            self._explanations[kind].setText(row.explanation if row else "")
            self._amounts[kind].setText(self._amount(row))
        self._summary.setText(self._summary_text())
        self._delete.setToolTip(self.tr("Delete the ticked files permanently. The run can still be resumed."))
        self._delete.setAccessibleName(self.tr("Delete the ticked files"))
        self._show_choice()

    def _amount(self, row: SpareRow | None) -> str:
        if row is None or not row.count:
            return self.tr("none") if row else ""
        text = self.tr("{count} files, {size}") if row.count > 1 else self.tr("{count} file, {size}")
        return text.format(count=grouped(row.count), size=bytes_text(row.size_bytes))

    def _summary_text(self) -> str:
        if self._sizes is None:
            return self.tr("Measuring the run…")
        run, free = (bytes_text(size) for size in self._sizes)
        return self.tr("The run takes {run}; its disk has {free} free.").format(run=run, free=free)

    def _show_choice(self) -> None:
        """Show what the button would delete, and what it has deleted."""
        for kind, box in self._boxes.items():
            box.setEnabled(kind in self._rows and self._rows[kind].count > 0)
        size = sum(self._rows[kind].size_bytes for kind in self.chosen())
        self._delete.setEnabled(bool(self.chosen()))
        self._delete.setText(self.tr("Delete {size}").format(size=bytes_text(size)) if size else self.tr("Delete"))
        freed = "" if self._freed is None else self.tr("{size} freed.").format(size=bytes_text(self._freed))
        self._result.setText(freed)
        self._result.setVisible(bool(freed))

    def _want(self) -> None:
        chosen = self.chosen()
        self._delete.setEnabled(False)
        self.freeing_wanted.emit(chosen)

    def _build(self) -> None:
        self.setObjectName("freeSpaceDialog")
        self.setMinimumWidth(WIDTH)
        self._delete.setObjectName("freeSpaceDeleteButton")
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("freeSpaceCloseButton")
        self._summary.setObjectName("freeSpaceSummary")
        self._result.setObjectName("freeSpaceResult")
        rows = QGridLayout()
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(0, 1)
        for index, kind in enumerate(KINDS):
            self._add_row(rows, 3 * index, kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self._summary)
        column.addWidget(_line())
        column.addLayout(rows)
        column.addWidget(_line())
        column.addWidget(self._result)
        column.addWidget(self._buttons)

    def _add_row(self, rows: QGridLayout, place: int, kind: str) -> None:
        box, amount, explanation = self._boxes[kind], self._amounts[kind], self._explanations[kind]
        box.setObjectName(f"{kind}SpareBox")
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        explanation.setWordWrap(True)
        explanation.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        explanation.setIndent(box.sizeHint().height())
        explanation.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        rows.addWidget(box, place, 0)
        rows.addWidget(amount, place, 1)
        rows.addWidget(explanation, place + 1, 0, 1, 2)
        rows.setRowMinimumHeight(place + 2, 8)
        rows.setRowStretch(place + 2, 1)


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
