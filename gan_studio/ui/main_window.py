"""MainWindow: docks, tabs and menus, and how it is left."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QMainWindow,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.config.presets import load_preset, preset_names
from gan_studio.engine.events import RunPhase, SavingFailed
from gan_studio.ui.connections import connect_care, connect_faults, connect_history, connect_views
from gan_studio.ui.dialogs.questions import PICTURE_FILES, AskLeaving, Leaving, ShowAbout
from gan_studio.ui.explorer.explore_tab import ExploreTab
from gan_studio.ui.frame.action_table import MENUS
from gan_studio.ui.frame.actions import Actions, action_text
from gan_studio.ui.frame.notice_bar import NoticeBar
from gan_studio.ui.frame.run_toolbar import RunToolbar
from gan_studio.ui.frame.status_bar import StatusBar
from gan_studio.ui.frame.welcome import WelcomePanel
from gan_studio.ui.history.history_dock import HistoryDock
from gan_studio.ui.presenters.care_presenter import CarePresenter
from gan_studio.ui.presenters.fault_presenter import FaultPresenter
from gan_studio.ui.presenters.history_presenter import HistoryPresenter
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.run_intents import RunIntents
from gan_studio.ui.presenters.run_presenter import RunPresenter
from gan_studio.ui.presenters.setup_intents import SetupIntents
from gan_studio.ui.presenters.setup_presenter import SetupPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.setup.setup_panel import SetupPanel
from gan_studio.ui.training.train_tab import TrainTab
from gan_studio.ui.widgets.steady import SteadyTabs
from gan_studio.ui.widgets.theme import THEMES, Theme, apply_theme

FIRST_SIZE = QSize(1280, 800)
MEASURE_MS = 10_000
"""Between two looks at disk and memory."""
LAYOUT_VERSION = 1
PART_BEGINNINGS = ("openPicturesAction", "savePresetAction", "saveSheetAction", "quitAction")
"""Entries of the File menu that a line stands above."""


class MainWindow(QMainWindow):
    """The one window of the studio.

    Attributes:
        session: the engine as the window knows it.
        views: the widgets by role.
    """

    def __init__(self, session: StudioSession, preferences: Preferences, run: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.session = session
        self._preferences = preferences
        self._run_to_open = run
        self._leaving: Leaving | None = None
        self._dock = QDockWidget(self)
        self._menus: dict[str, QMenu] = {}
        self._recent_menu = QMenu(self)
        self._measure = QTimer(self)
        self._measure.setInterval(MEASURE_MS)
        self.views = self._make_views()
        self._presenter = RunPresenter(session, self.views, preferences, self)
        self._faults = FaultPresenter(session, self.views, self)
        self._intents = RunIntents(session, self.views, self._presenter, self._faults, self)
        self._setup_presenter = SetupPresenter(session, self.views, preferences, self)
        setup_intents = SetupIntents(session, self.views, self._intents, self)
        self._build()
        connect_views(session, self.views, self._intents, self._presenter, setup_intents, self._setup_presenter)
        connect_faults(session, self._faults)
        connect_history(session, self.views, HistoryPresenter(session, self.views, self._presenter, self))
        connect_care(session, self.views, CarePresenter(session, self.views, preferences, self))
        self._connect_window()
        self.retranslate()
        self._restore()
        self._intents.show_and_set_up(load_preset(preset_names()[0]).config)
        self._presenter.show_no_run()
        self._presenter.show_state()
        self._setup_presenter.show_state()

    def begin(self) -> None:
        """Load the engine behind the painted window, and read what the window shows first."""
        self.session.start()
        self.session.library.preview(self.session.training.state.config.data)
        self._presenter.measure()
        self._measure.start()
        if self._run_to_open is not None:
            self.session.open_run(self._run_to_open)

    def retranslate(self) -> None:
        """Set every text of the window itself."""
        self.setWindowTitle(self.tr("GAN Studio"))
        self._dock.setWindowTitle(self.tr("Run set-up"))
        self._dock.toggleViewAction().setText(self.tr("Run set-up"))
        for name, title in MENUS:
            self._menus[name].setTitle(action_text(title))
        self._recent_menu.setTitle(self.tr("Open &recent"))
        tabs = self.views.tabs
        tabs.setAccessibleName(self.tr("Tabs"))
        for widget, title, tip in (
            (self.views.train, self.tr("Train"), self.tr("Watch the run: losses, beliefs and samples.")),
            (self.views.explore, self.tr("Explore"), self.tr("Walk the latent space, also while training.")),
        ):
            tabs.setTabText(tabs.indexOf(widget), title)
            tabs.setTabToolTip(tabs.indexOf(widget), tip)
        self.views.actions.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._presenter.retranslate()
            self._faults.retranslate()
            self._setup_presenter.show_presets()
        elif event.type() == QEvent.Type.PaletteChange:
            self.views.actions.draw_icons(self.palette())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one folder of this machine, or one file of a kind that holds pictures."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile() and _may_hold_pictures(Path(urls[0].toLocalFile())):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped run, or take a dropped folder or file of pictures."""
        event.acceptProposedAction()
        self._intents.open_path(event.mimeData().urls()[0].toLocalFile())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while a run is at work: save, discard or stay. A paused one has its checkpoint and is just saved."""
        if not self.session.training.state.is_busy:
            self._remember()
            event.accept()
            return
        event.ignore()
        if self._leaving is None:
            is_paused = self.session.training.state.phase is RunPhase.PAUSED
            age = round(self.views.status.checkpoint_age)
            self._leave(Leaving.SAVE if is_paused else AskLeaving.ask(self, age))

    def save_unasked(self) -> None:
        """Save a run at work at once: the system ends the session, and nobody can be asked."""
        self.session.training.hurry()
        self.session.training.stop()
        self.session.training.wait()
        self._remember()

    def _connect_window(self) -> None:
        """Connect what the window does with itself."""
        actions = self.views.actions
        actions["quitAction"].triggered.connect(self.close)
        actions["resetLayoutAction"].triggered.connect(self._reset_layout)
        actions["aboutAction"].triggered.connect(partial(ShowAbout.ask, self))
        for theme in THEMES:
            actions[f"{theme}ThemeAction"].triggered.connect(partial(self._choose_theme, theme))
        self._recent_menu.aboutToShow.connect(self._fill_recent_menu)
        self._measure.timeout.connect(self._presenter.measure)
        self.session.training.saving_failed.connect(self._stay_where_not_saved)
        self.session.training.state_changed.connect(self._leave_when_saved)

    def _leave(self, leaving: Leaving) -> None:
        if leaving is Leaving.STAY:
            return
        self._leaving = leaving
        if leaving is Leaving.SAVE:
            self.session.training.stop()
        else:
            self.session.training.abandon()
        self._leave_when_saved()

    def _stay_where_not_saved(self, event: SavingFailed) -> None:
        if event.is_checkpoint and self._leaving is Leaving.SAVE:
            self._leaving = None  # what went wrong is shown; closing again will not ask

    def _leave_when_saved(self) -> None:
        state = self.session.training.state
        if self._leaving is None or state.is_busy:
            return
        if state.phase is RunPhase.FAILED and self._leaving is Leaving.SAVE:
            self._leaving = None  # what went wrong is shown; closing again will not ask
        else:
            QTimer.singleShot(0, self, self.close)

    def _make_views(self) -> Views:
        actions = Actions(self)
        tabs = SteadyTabs(self)
        return Views(
            actions=actions,
            toolbar=RunToolbar(actions, self),
            setup=SetupPanel(self),
            history=HistoryDock(self),
            notices=NoticeBar(self),
            tabs=tabs,
            train=TrainTab(tabs),
            explore=ExploreTab(tabs),
            welcome=WelcomePanel(),
            status=StatusBar(self),
        )

    def _build(self) -> None:
        views = self.views
        self.setAcceptDrops(True)
        self.addToolBar(views.toolbar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setStatusBar(views.status)
        self._dock.setObjectName("setupDock")
        self._dock.setWidget(views.setup)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self._dock)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, views.history)
        views.tabs.setObjectName("tabs")
        views.tabs.setDocumentMode(True)
        views.tabs.addTab(views.train, "")
        views.tabs.addTab(views.explore, "")
        views.train.set_empty_widget(_scrolled(views.welcome))
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(views.notices)
        column.addWidget(views.tabs, 1)
        self.setCentralWidget(centre)
        self._build_menus()
        self._setup_presenter.show_choices()
        views.actions.draw_icons(self.palette())

    def _build_menus(self) -> None:
        actions = self.views.actions
        for name, _ in MENUS:
            menu = self.menuBar().addMenu("")
            menu.setObjectName(name)
            menu.setToolTipsVisible(True)
            menu.addActions(actions.of_menu(name))
            self._menus[name] = menu
        self._recent_menu.setObjectName("recentMenu")
        self._recent_menu.setToolTipsVisible(True)
        self._menus["fileMenu"].insertMenu(actions["openPicturesAction"], self._recent_menu)
        for name in PART_BEGINNINGS:
            self._menus["fileMenu"].insertSeparator(actions[name])
        self._menus["viewMenu"].addAction(self._dock.toggleViewAction())
        self._menus["viewMenu"].addAction(self.views.history.toggleViewAction())
        themes = QActionGroup(self)
        for theme in THEMES:
            themes.addAction(actions[f"{theme}ThemeAction"])

    def _restore(self) -> None:
        self.resize(FIRST_SIZE)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.restoreGeometry(self._preferences.geometry)
        self.restoreState(self._preferences.layout, LAYOUT_VERSION)
        self.views.actions[f"{self._preferences.theme}ThemeAction"].setChecked(True)

    def _remember(self) -> None:
        self._preferences.remember(self.saveGeometry(), self.saveState(LAYOUT_VERSION))

    def _reset_layout(self) -> None:
        self.resize(FIRST_SIZE)
        self.restoreState(self._first_layout, LAYOUT_VERSION)

    def _choose_theme(self, theme: Theme) -> None:
        self._preferences.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)

    def _fill_recent_menu(self) -> None:
        self._recent_menu.clear()
        for path in self._preferences.recent_runs:
            action = self._recent_menu.addAction(Path(path).name)
            action.setToolTip(path)
            action.setEnabled(not self.session.training.state.is_busy)
            action.triggered.connect(partial(self._intents.open_run, path))
        if self._preferences.recent_runs:
            self._recent_menu.addSeparator()
            self._recent_menu.addAction(self.tr("Clear list")).triggered.connect(self._preferences.clear_recent_runs)


def _may_hold_pictures(path: Path) -> bool:
    return path.is_dir() or (path.suffix.lower() in PICTURE_FILES and path.is_file())


def _scrolled(widget: QWidget) -> QScrollArea:
    """Let a widget be wider than its place; the window need not be."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    return area
