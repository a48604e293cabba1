"""MainWindow: composes toolbar, docks, tabs and menus, and remembers how they were left."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QDockWidget,
    QFrame,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from gan_studio.engine.config.presets import load_preset, preset_names
from gan_studio.engine.library.weights import is_weights
from gan_studio.ui.connections import connect_all
from gan_studio.ui.dialogs.keys import KeysDialog
from gan_studio.ui.dialogs.questions import ShowAbout
from gan_studio.ui.explorer.explore_tab import ExploreTab
from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.frame.menus import Menus
from gan_studio.ui.frame.notice_bar import NoticeBar
from gan_studio.ui.frame.placing.dock_buttons import draw_dock_buttons
from gan_studio.ui.frame.placing.dock_layout import restore_docks
from gan_studio.ui.frame.placing.drop_hint import DropHint
from gan_studio.ui.frame.placing.floating_place import FloatingPlace
from gan_studio.ui.frame.placing.screen_fit import fit_on_screens
from gan_studio.ui.frame.placing.tab_order import next_by_tab
from gan_studio.ui.frame.run_toolbar import RunToolbar
from gan_studio.ui.frame.status_bar import StatusBar
from gan_studio.ui.frame.welcome import WelcomePanel
from gan_studio.ui.history.history_dock import HistoryDock
from gan_studio.ui.pictures.pictures_page import PicturesPage
from gan_studio.ui.presenters.everyone import Presenters
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.setup.setup_panel import SetupPanel
from gan_studio.ui.training.train_tab import TrainTab
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.steady import SteadyTabs
from gan_studio.ui.widgets.theme import THEMES, Theme, apply_theme
from gan_studio.ui.widgets.translate import translate

FIRST_SIZE = QSize(1280, 800)
MEASURE_MS = 10_000
"""Milliseconds between two measurements of disk and memory."""
LAYOUT_VERSION = 2
"""Of the arrangement of docks and toolbars: one that an older version left is not restored."""


class MainWindow(Retranslating, QMainWindow):
    """The one window of the studio.

    Args:
        session: the access of the window to the engine.
        preferences: what the window remembers from earlier launches.
        run: folder of a run or file of weights to open, or None.

    Attributes:
        session: as given.
        views: the widgets by role.
    """

    def __init__(self, session: StudioSession, preferences: Preferences, run: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.session = session
        self._preferences = preferences
        self._run_to_open = run
        self._dock = QDockWidget(self)
        self._measure = QTimer(self)
        self._measure.setInterval(MEASURE_MS)
        self.views = self._make_views()
        self._presenters = Presenters.make(session, self.views, preferences, self)
        self._build()
        DropHint(self, self._presenters.dropping.answer, self._presenters.dropping.take)
        self._show_choices()
        connect_all(session, self.views, self._presenters)
        self._connect_window()
        self.retranslate()
        self._restore()
        self._presenters.setup.show_and_set_up(load_preset(preset_names()[0]).config)
        self._presenters.run.show_no_run()

    def begin(self) -> None:
        """Load the engine behind the painted window, and read what the window shows first."""
        self.session.start()
        self.session.library.preview(self.session.training.state.config.data)
        self._presenters.library.measure()
        self._measure.start()
        if self._run_to_open is not None:
            self._open_path(self._run_to_open)

    def retranslate(self) -> None:
        """Set every text of the window itself, and the texts that presenters wrote."""
        self.show_title()
        self._dock.setWindowTitle(self.tr("Run set-up"))
        self._dock.toggleViewAction().setText(self.tr("Run set-up"))
        tabs = self.views.tabs
        tabs.setAccessibleName(self.tr("Tabs"))
        for widget, title, tip in (
            (self.views.train, self.tr("Train"), self.tr("Watch the run: losses, outputs of D, and samples.")),
            (self.views.explore, self.tr("Explore"), self.tr("Explore the latent space, even while the run trains.")),
        ):
            tabs.setTabText(tabs.indexOf(widget), title)
            tabs.setTabToolTip(tabs.indexOf(widget), tip)
        self.views.actions.retranslate()
        self._presenters.retranslate()

    def show_title(self) -> None:
        """Name the open run in the title bar; in a title, Qt takes "[*]" for its own mark."""
        state, title = self.session.training.state, self.tr("GAN Studio")
        if state.has_run:
            title = self.tr("{name} – GAN Studio").format(name=translate(state.name).replace("[*]", "[*][*]"))
        self.setWindowTitle(title)

    def follow_palette(self) -> None:
        """Draw the icons of the actions and of the docks in the colours of the theme."""
        self.views.actions.draw_icons(self.palette())
        for dock in (self._dock, self.views.history):
            draw_dock_buttons(dock, self.palette())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pause or resume on Space, and randomize on R: keys that the control with the focus did not use."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat()
        is_typing = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)
        explore = self.views.explore
        if event.key() == Qt.Key.Key_Space and is_plain and not is_typing:
            self._pause_or_resume()
        elif event.key() == Qt.Key.Key_R and is_plain and not is_typing and explore.isVisible():
            explore.randomize()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_forward: bool) -> bool:
        """Let Tab follow the eye: the toolbar, what is said, the tab in front, the docks."""
        views = self.views
        areas = (views.toolbar, views.notices, views.tabs, self._dock, views.history)
        reached = next_by_tab(self, areas, is_forward=is_forward)
        if reached is not None:
            reached.setFocus(Qt.FocusReason.TabFocusReason if is_forward else Qt.FocusReason.BacktabFocusReason)
        return reached is not None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once if no run is training; otherwise ask, and close once the run has ended."""
        if not self.session.training.state.is_busy:
            self._remember()
            event.accept()
            return
        event.ignore()
        self._presenters.leaving.ask()

    def save_unasked(self) -> None:
        """Save a run in training without a question, because the operating system ends the session."""
        self._presenters.leaving.save_unasked()
        self._remember()

    def _open_path(self, path: Path) -> None:
        if is_weights(path):
            self._presenters.explorer.open_weights(path)
        else:
            self.session.open_run(path)

    def _make_views(self) -> Views:
        actions = Actions(self)
        tabs = SteadyTabs(self)
        return Views(
            actions=actions,
            menus=Menus(actions, self),
            toolbar=RunToolbar(actions, self),
            setup=SetupPanel(self),
            history=HistoryDock(self),
            notices=NoticeBar(self),
            tabs=tabs,
            train=TrainTab(tabs),
            explore=ExploreTab(tabs),
            rest=QStackedWidget(),
            welcome=WelcomePanel(),
            pictures=PicturesPage(),
            status=StatusBar(self),
        )

    def _build(self) -> None:
        views = self.views
        self.setMenuBar(views.menus)
        self.addToolBar(views.toolbar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setStatusBar(views.status)
        self._dock.setObjectName("setupDock")
        self._dock.setWidget(views.setup)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self._dock)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, views.history)
        self.tabifyDockWidget(self._dock, views.history)
        views.menus.add_docks(self._dock.toggleViewAction(), views.history.toggleViewAction())
        views.tabs.setObjectName("tabs")
        views.tabs.setDocumentMode(True)
        views.tabs.addTab(views.train, "")
        views.tabs.addTab(views.explore, "")
        views.rest.setObjectName("restPages")
        for page in (views.welcome, views.pictures):
            views.rest.addWidget(_scrolled(page))
        views.train.set_rest_widget(views.rest)
        self.setCentralWidget(views.tabs)
        FloatingPlace(views.notices, views.tabs)
        self.follow_palette()

    def _show_choices(self) -> None:
        """Fill the lists of choices before their signals are connected."""
        self._presenters.pictures.show_choices()
        self._presenters.setup.show_folds()
        self._presenters.speed.show_remembered()
        self._presenters.library.show_arrangement()
        self._presenters.plots.show_choices()

    def _connect_window(self) -> None:
        """Connect the actions that concern the window itself."""
        actions = self.views.actions
        actions["quitAction"].triggered.connect(self.close)
        actions["resetLayoutAction"].triggered.connect(self._reset_layout)
        for dock in (self._dock, self.views.history):
            dock.toggleViewAction().triggered.connect(partial(_bring_to_front, dock))
        actions["findSettingAction"].triggered.connect(self._find_setting)
        actions["keysAction"].triggered.connect(self._show_keys)
        actions["aboutAction"].triggered.connect(partial(ShowAbout.ask, self))
        for theme in THEMES:
            actions[f"{theme}ThemeAction"].triggered.connect(partial(self._choose_theme, theme))
        self.session.training.state_changed.connect(self.show_title)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.screenRemoved.connect(self._fit_screens, Qt.ConnectionType.QueuedConnection)
        self._measure.timeout.connect(self._presenters.library.measure)

    def _pause_or_resume(self) -> None:
        actions = self.views.actions
        is_paused = self.session.training.state.phase == "paused"
        actions["startAction" if is_paused else "pauseAction"].trigger()

    def _find_setting(self) -> None:
        self._dock.show()
        self._dock.raise_()
        self.views.setup.begin_search()

    def _show_keys(self) -> None:
        """Open the list of keys, or bring the open one to the front; one that was closed is about to be deleted."""
        is_open = (dialog for dialog in self.findChildren(KeysDialog) if dialog.isVisible())
        dialog = next(is_open, None) or KeysDialog(self.views.actions.keys(), self)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _restore(self) -> None:
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self._first_layout = self.saveState(LAYOUT_VERSION)
        if self.restoreGeometry(self._preferences.geometry):
            self._fit_screens()
        restore_docks(self, self._preferences.layout, LAYOUT_VERSION)
        self.views.actions[f"{self._preferences.theme}ThemeAction"].setChecked(True)

    def _remember(self) -> None:
        self._preferences.remember(self.saveGeometry(), self.saveState(LAYOUT_VERSION))

    def _fit_screens(self) -> None:
        fit_on_screens(self)

    def _reset_layout(self) -> None:
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        restore_docks(self, self._first_layout, LAYOUT_VERSION)
        self._presenters.library.reset_arrangement()

    def _choose_theme(self, theme: Theme) -> None:
        self._preferences.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)


def _bring_to_front(dock: QDockWidget) -> None:
    """Show a dock that has just been opened above those that share its place."""
    dock.raise_()


def _scrolled(widget: QWidget) -> QScrollArea:
    """Put a widget into a scroll area, so that a wide widget does not widen the window."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    return area
