"""HistoryTree: the branches of a run and, below each, its checkpoints."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from gan_studio.engine.library.kept import Kept
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import Branch, History
from gan_studio.ui.history.history_row import (
    DETAIL_ROLE,
    MARK_ROLE,
    NOW_ROLE,
    PICTURE_ROLE,
    PICTURE_SIDE,
    TITLE_ROLE,
    HistoryRowDelegate,
)
from gan_studio.ui.history.kept_text import losses_text
from gan_studio.ui.widgets.array_image import pixmap_of
from gan_studio.ui.widgets.date_text import Form, brief_date_text, date_text
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

_NUMBER_ROLE = Qt.ItemDataRole.UserRole
"""Number of a branch, or step of a checkpoint."""

INDENTATION = 14
"""Pixels by which checkpoints stand to the right of their branch."""
MINIMUM_HEIGHT = 170
"""Height in pixels at which a branch and a few checkpoints are visible, even below the set-up dock."""


class HistoryTree(Retranslating, QTreeWidget):
    """A tree that keeps its current row and its folds while checkpoints come and go.

    Signals:
        chosen(): another row is current, or the current row is gone.
        taken(): a row was double-clicked, or Enter was pressed on it.
    """

    chosen = Signal()
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History(())
        self._now: tuple[int, int | None] = (-1, None)
        self._kept: Mapping[Moment, Kept] = {}
        self.setObjectName("historyTree")
        self.setHeaderHidden(True)
        self.setItemDelegate(HistoryRowDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIndentation(INDENTATION)
        self.setMinimumHeight(MINIMUM_HEIGHT)
        self.currentItemChanged.connect(self.chosen)
        self.itemDoubleClicked.connect(self.taken)
        self.retranslate()

    @property
    def checkpoint(self) -> Moment | None:
        """The checkpoint of the current row; None for a branch or no row."""
        item = self.currentItem()
        branch = item.parent() if item is not None else None
        return Moment(_number(branch), _number(item)) if item is not None and branch is not None else None

    def set_history(self, history: History) -> None:
        """Show these branches only. If the chosen checkpoint is gone, no row is current."""
        chosen = self.checkpoint
        self._history = history
        with QSignalBlocker(self):
            made = self._fit(None, [branch.number for branch in history.branches])
            for item in made:
                item.setExpanded(True)
            for item, branch in zip(self._rows(), history.branches, strict=True):
                self._fit(item, branch.checkpoints)
            if self.checkpoint != chosen:
                self.setCurrentIndex(QModelIndex())
        self.retranslate()
        if made:
            self.scrollToBottom()
        self.chosen.emit()

    def set_kept(self, kept: Mapping[Moment, Kept]) -> None:
        """Show time, losses and samples of the checkpoints that were read."""
        before, self._kept = self._kept, dict(kept)
        for item, branch in zip(self._rows(), self._history.branches, strict=True):
            for child, step in zip(self._rows(item), branch.checkpoints, strict=True):
                moment = Moment(branch.number, step)
                if self._kept.get(moment) is not before.get(moment):
                    self._write_checkpoint(child, branch, step)

    def set_now(self, branch: int, step: int | None) -> None:
        """Mark the branch of the run and, while the run does not train, the checkpoint of its step."""
        if (branch, step) != self._now:
            self._now = (branch, step)
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Branches and checkpoints"))
        self.setToolTip(
            self.tr(
                "Each time the run goes back, a new branch begins. Below each branch are its checkpoints: "
                "the run can go back to any of them."
            )
        )
        for item, branch in zip(self._rows(), self._history.branches, strict=True):
            mark = self.tr("now") if branch.number == self._now[0] else ""
            title = self.tr("Branch {number}").format(number=branch.number)
            _write(item, title, mark, self._origin(branch), is_now=bool(mark))
            item.setToolTip(0, self._explanation(branch))
            for child, step in zip(self._rows(item), branch.checkpoints, strict=True):
                self._write_checkpoint(child, branch, step)

    def showEvent(self, event: QShowEvent) -> None:
        """Scroll to the newest branch, once the tree has its size."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.scrollToBottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit taken() at Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self, parent: QTreeWidgetItem | None, numbers: Sequence[int]) -> list[QTreeWidgetItem]:
        """Give a row, or the tree, one child for each number, in ascending order. Returns the new ones; others stay.

        invisibleRootItem() is never called. PySide does not notice when the root dies, and hands out its wrapper for
        the next object at that address. A row added through one wrapper and removed through another is never freed.
        """
        for item in self._rows(parent):
            if _number(item) not in numbers:
                if parent is None:
                    self.takeTopLevelItem(self.indexOfTopLevelItem(item))
                else:
                    parent.removeChild(item)
        held = {_number(item) for item in self._rows(parent)}
        made = []
        for place, number in enumerate(numbers):
            if number not in held:
                made.append(QTreeWidgetItem())
                made[-1].setData(0, _NUMBER_ROLE, number)
                if parent is None:
                    self.insertTopLevelItem(place, made[-1])
                else:
                    parent.insertChild(place, made[-1])
        return made

    def _rows(self, parent: QTreeWidgetItem | None = None) -> list[QTreeWidgetItem]:
        """List the children of a row; without a row, the branches."""
        if parent is None:
            found = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        else:
            found = [parent.child(place) for place in range(parent.childCount())]
        return [item for item in found if item is not None]

    def _write_checkpoint(self, item: QTreeWidgetItem, branch: Branch, step: int) -> None:
        is_now = self._now == (branch.number, step)
        marks = [self.tr("now")] if is_now else []
        if step == branch.checkpoints[-1]:
            marks.append(self.tr("newest"))
        kept = self._kept.get(Moment(branch.number, step))
        known = self._about(kept) if kept is not None else ""
        _write(item, self.tr("step {step}").format(step=grouped(step)), ", ".join(marks), known, is_now=is_now)
        item.setData(0, PICTURE_ROLE, self._picture(kept))
        item.setToolTip(0, self._explain_checkpoint(kept))

    def _about(self, kept: Kept) -> str:
        """Write when a checkpoint was saved, and its losses, in a few words."""
        parts = (brief_date_text(kept.saved_at), losses_text(kept.losses))
        return " \u00b7 ".join(part for part in parts if part)

    def _picture(self, kept: Kept | None) -> QPixmap | None:
        """Draw the first four samples of a checkpoint."""
        if kept is None or kept.picture is None:
            return None
        height, width = (max(side // 2, 1) for side in kept.picture.shape[:2])
        return pixmap_of(kept.picture[:height, :width], PICTURE_SIDE, self.devicePixelRatio())

    def _explain_checkpoint(self, kept: Kept | None) -> str:
        if kept is None:
            return ""
        pictured = self.tr("The samples are those of step {step}.").format(step=grouped(kept.pictured or 0))
        when = date_text(kept.saved_at, Form.LongFormat)
        return paragraphs(when, losses_text(kept.losses), pictured if kept.pictured is not None else "")

    def _origin(self, branch: Branch) -> str:
        """Say in a few words where and when a branch began."""
        texts = [brief_date_text(branch.began)]
        if branch.parent is not None:
            text = self.tr("from branch {parent}, step {step}")
            texts.insert(0, text.format(parent=branch.parent, step=grouped(branch.from_step)))
        return " \u00b7 ".join(text for text in texts if text) or "\u2013"

    def _explanation(self, branch: Branch) -> str:
        when = date_text(branch.began, Form.LongFormat) or "\u2013"
        if branch.parent is None:
            text = self.tr("The first branch of the run. It began: {when}.")
            return paragraphs(text.format(when=when))
        text = self.tr("This branch began when the run went back to step {step} of branch {parent}: {when}.")
        return paragraphs(text.format(step=grouped(branch.from_step), parent=branch.parent, when=when))


def _number(item: QTreeWidgetItem) -> int:
    return int(item.data(0, _NUMBER_ROLE))


def _write(item: QTreeWidgetItem, title: str, mark: str, detail: str, *, is_now: bool) -> None:
    """Set what a row shows, and its text for screen readers."""
    parts = ((TITLE_ROLE, title), (MARK_ROLE, mark), (DETAIL_ROLE, detail), (NOW_ROLE, is_now))
    for role, part in parts:
        item.setData(0, role, part)
    item.setText(0, ", ".join(text for text in (title, mark, detail) if text))
