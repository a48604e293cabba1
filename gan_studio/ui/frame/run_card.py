"""RunCard: an earlier run with its newest samples, and what can be done with it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gan_studio.ui.widgets.array_image import pixmap_of
from gan_studio.ui.widgets.card_button import CardButton
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

PICTURE_SIDE = 88
"""Width and height of the picture on a card, in pixels of the window."""

CONTINUE, EXPLORE, FINE_TUNE, RENAME, SHOW_FOLDER, TAKE_OFF = (
    "Continue",
    "Explore",
    "FineTune",
    "Rename",
    "ShowFolder",
    "TakeOff",
)
"""What a person can do with a run on its card; also the ends of the object names."""
_BUTTONS = (CONTINUE, EXPLORE, FINE_TUNE)
_ENTRIES = (RENAME, SHOW_FOLDER, TAKE_OFF)
_ICONS = {
    CONTINUE: "play",
    EXPLORE: "compass-outline",
    FINE_TUNE: "source-branch",
    RENAME: "pencil-outline",
    SHOW_FOLDER: "folder-outline",
    TAKE_OFF: "close",
}


@dataclass(frozen=True)
class RunFacts:
    """What a card shows.

    Attributes:
        path: folder of the run.
        name: what it is called.
        details: date, data and preset.
        reached: how far it came, or why it cannot be opened.
        picture: its newest samples, uint8 [H, W, C], or None.
        can_open: whether it can be opened.
        is_there: whether its folder can be shown and left.
        continue_tip: what Continue does.
    """

    path: str
    name: str
    details: str = ""
    reached: str = ""
    picture: NDArray[np.uint8] | None = None
    can_open: bool = True
    is_there: bool = True
    continue_tip: str = ""


class RunCard(Retranslating, CardButton):
    """A card that opens its run when it is clicked, with a button for each other thing that can be done with it.

    Signals:
        wanted(str what): CONTINUE, EXPLORE, FINE_TUNE, RENAME, SHOW_FOLDER or TAKE_OFF.
        clicked(bool): open the run, without training.
    """

    wanted = Signal(str)

    def __init__(self, facts: RunFacts, number: int, parent: QWidget | None = None) -> None:
        super().__init__("row", parent)
        self._facts, self._number = facts, number
        self._buttons = {what: QToolButton() for what in _BUTTONS}
        self._more = QToolButton()
        self._menu = QMenu(self._more)
        self._entries = {what: QAction(self._menu) for what in _ENTRIES}
        self._set_up()
        self.retranslate()
        self.follow_palette()

    @property
    def path(self) -> str:
        """Folder of the run."""
        return self._facts.path

    def retranslate(self) -> None:
        """Set every text."""
        facts = self._facts
        self.set_texts(facts.name, facts.details)
        self.set_remark(facts.reached, is_fault=not facts.can_open)
        self.setToolTip(paragraphs(facts.name, facts.details, facts.reached, facts.path))
        self.setAccessibleDescription(" ".join(part for part in (facts.details, facts.reached) if part))
        tips = {
            CONTINUE: (self.tr("Continue"), facts.continue_tip or self.tr("Open the run and train on.")),
            EXPLORE: (self.tr("Explore"), self.tr("Open the run in the Explore tab, without training.")),
            FINE_TUNE: (
                self.tr("Fine-tune…"),
                self.tr("Start a new run from the weights of this one, at a step that you choose."),
            ),
        }
        for what, (text, tip) in tips.items():
            self._buttons[what].setText(text)
            self._buttons[what].setAccessibleName(f"{text} {facts.name}")
            self._buttons[what].setToolTip(tip)
        for what, text in (
            (RENAME, self.tr("Rename…")),
            (SHOW_FOLDER, self.tr("Show folder")),
            (TAKE_OFF, self.tr("Take off this list")),
        ):
            self._entries[what].setText(text)
        self._entries[TAKE_OFF].setToolTip(self.tr("The run itself stays where it is; nothing is deleted."))
        self._more.setAccessibleName(self.tr("More for {name}").format(name=facts.name))
        self._more.setToolTip(self.tr("Rename the run, show its folder, or take it off this list."))

    def follow_palette(self) -> None:
        """Draw the icons, and the picture or what stands in for it."""
        for what, button in self._buttons.items():
            button.setIcon(icon(_ICONS[what], self.palette()))
        for what, entry in self._entries.items():
            entry.setIcon(icon(_ICONS[what], self.palette()))
        self._more.setIcon(icon("dots-horizontal", self.palette()))
        self.set_picture(self._picture_or_icon())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename the run at F2, as in the File menu."""
        if event.key() == Qt.Key.Key_F2 and self._facts.can_open:
            self.wanted.emit(RENAME)
        else:
            super().keyPressEvent(event)

    def _picture_or_icon(self) -> QPixmap:
        if self._facts.picture is not None:
            return pixmap_of(self._facts.picture, PICTURE_SIDE, self.devicePixelRatio())
        name = "image-outline" if self._facts.can_open else "alert-circle-outline"
        side = PICTURE_SIDE // 2
        return icon(name, self.palette()).pixmap(QSize(side, side), self.devicePixelRatio())

    def _set_up(self) -> None:
        facts = self._facts
        self.setObjectName(f"welcomeRecent{self._number}")
        self._explanation.setObjectName(f"welcomeRecent{self._number}Details")
        if not facts.can_open:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        self.set_picture_side(PICTURE_SIDE)
        strip = QWidget()
        line = QHBoxLayout(strip)
        line.setContentsMargins(0, 2, 0, 0)
        line.setSpacing(2)
        for what, button in self._buttons.items():
            button.setObjectName(f"welcomeRecent{self._number}{what}")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setEnabled(facts.can_open)
            button.clicked.connect(partial(self._want, what))
            self._fit(button)
            line.addWidget(button)
        for what, entry in self._entries.items():
            entry.setObjectName(f"welcomeRecent{self._number}{what}")
            entry.setEnabled(facts.can_open if what == RENAME else facts.is_there or what == TAKE_OFF)
            entry.triggered.connect(partial(self._want, what))
            self._menu.addAction(entry)
        self._menu.setToolTipsVisible(True)
        self._more.setObjectName(f"welcomeRecent{self._number}More")
        self._more.setMenu(self._menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._fit(self._more)
        line.addWidget(self._more)
        line.addStretch(1)
        self.add_below(strip)

    def _want(self, what: str, _is_checked: bool = False) -> None:
        self.wanted.emit(what)

    def _fit(self, button: QToolButton) -> None:
        button.setAutoRaise(True)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setIconSize(QSize(16, 16))
