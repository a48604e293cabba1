"""HistoryTree: the branches of a run and, under each, the checkpoints kept of it."""

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QEvent, QLocale, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import Branch, History
from gan_studio.ui.history.history_row import DETAIL_ROLE, MARK_ROLE, NOW_ROLE, TITLE_ROLE, HistoryRowDelegate
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.rich_text import paragraphs

_NUMBER_ROLE = Qt.ItemDataRole.UserRole
"""Number of a branch, or step of a checkpoint."""

MINIMUM_HEIGHT = 170
"""Pixels: a branch and a few of its checkpoints, also below the set-up."""

_LAST_SECOND = 2**37
"""Of the year 6325: a damaged table may say anything."""


class HistoryTree(QTreeWidget):
    """A tree that keeps what is chosen and folded while the run adds to it and thins it out.

    Signals:
        chosen(): another row is current, or what is current is gone.
        taken(): a person pressed Enter on a row, or clicked it twice.
    """

    chosen = Signal()
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History(())
        self._now: tuple[int, int | None] = (-1, None)
        self.setObjectName("historyTree")
        self.setHeaderHidden(True)
        self.setItemDelegate(HistoryRowDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(MINIMUM_HEIGHT)
        self.currentItemChanged.connect(self.chosen)
        self.itemDoubleClicked.connect(self.taken)
        self.retranslate()

    @property
    def checkpoint(self) -> Moment | None:
        """The chosen checkpoint; None where a branch or nothing is chosen."""
        item = self.currentItem()
        branch = item.parent() if item is not None else None
        return Moment(_number(branch), _number(item)) if item is not None and branch is not None else None

    def set_history(self, history: History) -> None:
        """Show these branches and no others; a chosen checkpoint that is gone leaves nothing chosen."""
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

    def set_now(self, branch: int, step: int | None) -> None:
        """Mark the branch that the run is in, and the checkpoint of the step it rests at, if it rests."""
        if (branch, step) != self._now:
            self._now = (branch, step)
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Branches and checkpoints"))
        self.setToolTip(
            self.tr(
                "Each time the run goes back, a branch begins. Under each branch stand the checkpoints kept of it: "
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
        """Show the newest branch first, once there is room for it."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.scrollToBottom)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the chosen row at Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self, parent: QTreeWidgetItem | None, numbers: Sequence[int]) -> list[QTreeWidgetItem]:
        """Give a row, or the tree, one child a number, in ascending order; returns the new ones, and leaves the others.

        The tree's root is never asked for: PySide does not see it die, and gives its wrapper for whatever lies at that
        address next; and what is put in through one wrapper of it and taken out through another is never freed.
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
        """List the children of a row, or the branches."""
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
        _write(item, self.tr("step {step}").format(step=grouped(step)), ", ".join(marks), "", is_now=is_now)

    def _origin(self, branch: Branch) -> str:
        """Say from where and when a branch began, in a few words."""
        texts = [_when(branch.began, QLocale.FormatType.ShortFormat)]
        if branch.parent is not None:
            text = self.tr("from branch {parent}, step {step}")
            texts.insert(0, text.format(parent=branch.parent, step=grouped(branch.from_step)))
        return " \u00b7 ".join(text for text in texts if text) or "\u2013"

    def _explanation(self, branch: Branch) -> str:
        when = _when(branch.began, QLocale.FormatType.LongFormat) or "\u2013"
        if branch.parent is None:
            text = self.tr("The first branch: how the run went at first. It began: {when}.")
            return paragraphs(text.format(when=when))
        text = self.tr("The run went back to step {step} of branch {parent}, and this branch began: {when}.")
        return paragraphs(text.format(step=grouped(branch.from_step), parent=branch.parent, when=when))


def _number(item: QTreeWidgetItem) -> int:
    return int(item.data(0, _NUMBER_ROLE))


def _write(item: QTreeWidgetItem, title: str, mark: str, detail: str, *, is_now: bool) -> None:
    """Set what a row shows, and what it is called by those who hear it."""
    parts = ((TITLE_ROLE, title), (MARK_ROLE, mark), (DETAIL_ROLE, detail), (NOW_ROLE, is_now))
    for role, part in parts:
        item.setData(0, role, part)
    item.setText(0, ", ".join(text for text in (title, mark, detail) if text))


def _when(seconds: float, form: QLocale.FormatType) -> str:
    """Return date and time as people of this language write them, in short what tells today's or other days apart."""
    if not 0 < seconds < _LAST_SECOND:
        return ""
    when, locale = QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale()
    if form is QLocale.FormatType.LongFormat:
        return locale.toString(when, form)
    is_today = when.date() == QDateTime.currentDateTime().date()
    return locale.toString(when.time(), form) if is_today else locale.toString(when.date(), form)
