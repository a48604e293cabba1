"""Menus: the menu bar, built from the table of actions, and the list of recent runs in its File menu."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gan_studio.ui.frame.action_table import MENUS
from gan_studio.ui.frame.actions import Actions, action_text
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.theme import THEMES, control_palette, is_dark

FIRST_OF_GROUP = (
    *("openPicturesAction", "presetsAction", "saveSheetAction", "quitAction"),
    *("lightThemeAction", "resetLayoutAction"),
)
"""Entries with a separator above them."""


class Menus(Retranslating, QMenuBar):
    """The menu bar of the window.

    Signals:
        recent_opening(): the list of recent runs is about to be shown; set_recent fills it.
        recent_wanted(str path): open this recent run.
        recent_cleared(): forget the recent runs.
    """

    recent_opening = Signal()
    recent_wanted = Signal(str)
    recent_cleared = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menus = {name: self.addMenu("") for name, _ in MENUS}
        self._recent = QMenu(self)
        self._build(actions)
        self._recent.aboutToShow.connect(self.recent_opening)
        self.retranslate()
        self.follow_palette()

    def add_docks(self, *toggles: QAction) -> None:
        """List the actions that show and hide the docks, in the View menu between the tabs and the themes."""
        menu = self._menus["viewMenu"]
        themes = next(action for action in menu.actions() if action.isSeparator())
        menu.insertSeparator(themes)
        menu.insertActions(themes, toggles)

    def set_recent(self, runs: Sequence[tuple[str, str]], *, can_open: bool) -> None:
        """List the recent runs, given as (path, name), newest first; none can be opened while a run is training."""
        self._recent.clear()
        for path, name in runs:
            action = self._recent.addAction(name.replace("&", "&&"))
            action.setToolTip(paragraphs(path))
            action.setEnabled(can_open)
            action.triggered.connect(partial(self._want_recent, path))
        if runs:
            self._recent.addSeparator()
            self._recent.addAction(self.tr("Clear list")).triggered.connect(self.recent_cleared)

    def retranslate(self) -> None:
        """Set the title of every menu; the actions have their own texts."""
        for name, title in MENUS:
            self._menus[name].setTitle(action_text(title))
        self._recent.setTitle(self.tr("Open &recent"))

    def follow_palette(self) -> None:
        """Draw empty boxes in the menus with an outline that can be seen."""
        for menu in self._menus.values():
            menu.setPalette(control_palette(dark=is_dark(self.palette())))

    def _build(self, actions: Actions) -> None:
        self._recent.setObjectName("recentMenu")
        self._recent.setToolTipsVisible(True)
        for name, menu in self._menus.items():
            menu.setObjectName(name)
            menu.setToolTipsVisible(True)
            menu.addActions(actions.of_menu(name))
            for action in menu.actions():
                if action.objectName() in FIRST_OF_GROUP:
                    menu.insertSeparator(action)
        files = self._menus["fileMenu"]
        files.insertMenu(next(action for action in files.actions() if action.isSeparator()), self._recent)
        themes = QActionGroup(self)
        for theme in THEMES:
            themes.addAction(actions[f"{theme}ThemeAction"])

    def _want_recent(self, path: str) -> None:
        self.recent_wanted.emit(path)
