"""The widgets of the window, by role."""

from dataclasses import dataclass

from PySide6.QtWidgets import QStackedWidget, QTabWidget

from gan_studio.ui.explorer.explore_tab import ExploreTab
from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.frame.menus import Menus
from gan_studio.ui.frame.notice_bar import NoticeBar
from gan_studio.ui.frame.run_toolbar import RunToolbar
from gan_studio.ui.frame.status_bar import StatusBar
from gan_studio.ui.frame.welcome import WelcomePanel
from gan_studio.ui.history.history_dock import HistoryDock
from gan_studio.ui.pictures.pictures_page import PicturesPage
from gan_studio.ui.setup.setup_panel import SetupPanel
from gan_studio.ui.training.train_tab import TrainTab


@dataclass(frozen=True)
class Views:
    """The widgets that presenters fill. At rest the Train tab shows `rest`: the welcome, or a person's own pictures."""

    actions: Actions
    menus: Menus
    toolbar: RunToolbar
    setup: SetupPanel
    history: HistoryDock
    notices: NoticeBar
    tabs: QTabWidget
    train: TrainTab
    explore: ExploreTab
    rest: QStackedWidget
    welcome: WelcomePanel
    pictures: PicturesPage
    status: StatusBar
