"""LibraryPresenter: earlier runs, sizes on disk, saved pictures, and errors of reading and writing."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.library.runs import DiskUse, RecentRun
from gan_studio.engine.text.message import readable
from gan_studio.ui.dialogs.questions import AskPicturePath
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped


class LibraryPresenter(QObject):
    """Show what was read from disk or written to it; remember which runs were open."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window
        self._recent: tuple[RecentRun, ...] = ()

    def save_picture(self, pixels: NDArray[np.uint8], name: str) -> None:
        """Ask where to save a picture, uint8 [H, W, C], and save it there; `name` is suggested."""
        path = AskPicturePath.ask(self._window, name)
        if path is not None:
            self._session.library.save_picture(path, pixels)

    def show_saved(self, path: str) -> None:
        """Show where a picture was saved."""
        self._views.notices.show_notice(self.tr("Saved: {path}").format(path=path))

    def show_not_done(self, kind: str, fault: NotDone) -> None:
        """Show why something could not be read or written; of pictures and marks, their presenters show it."""
        if kind not in ("preview", "marks"):
            self._views.notices.show_fault(fault)

    # Earlier runs

    def remember_run(self) -> None:
        """Put the open run first among the recent runs, and measure its folder."""
        place = self._session.training.state.place
        if place is not None:
            self._preferences.add_recent_run(text_of(place))
        self.measure()

    def read_recent(self) -> None:
        """Read what the welcome panel shows of the recent runs."""
        self._session.library.read_recent(self._preferences.recent_runs)

    def show_recent(self, runs: tuple[RecentRun, ...]) -> None:
        """Show the recent runs on the welcome panel."""
        self._recent = runs
        words = self.tr("step {step} · {preset}")
        rows = [
            (run.path, _name_of(run.path), words.format(step=grouped(run.step), preset=run.preset), run.thumbnail)
            for run in runs
        ]
        self._views.welcome.set_recent(rows)

    def list_recent(self) -> None:
        """List the recent runs in the File menu."""
        can_open = not self._session.training.state.is_busy
        self._views.menus.set_recent(self._preferences.recent_runs, can_open=can_open)

    def forget_recent(self) -> None:
        """Forget which runs were open; the runs themselves stay."""
        self._preferences.clear_recent_runs()

    def retranslate(self) -> None:
        """Show the recent runs in the language of the window."""
        self.show_recent(self._recent)

    # Sizes

    def measure(self) -> None:
        """Ask for the sizes of the run, the disk and the memory."""
        self._session.library.measure_disk(self._measured_place)

    def show_disk(self, use: DiskUse) -> None:
        """Show the sizes of the run, the disk and the memory, unless another run is open by now."""
        self._views.status.set_memory(use.memory_bytes)
        if use.path == self._measured_place:
            self._views.status.set_disk(use.run_bytes, use.free_bytes)

    @property
    def _measured_place(self) -> Path:
        return self._session.training.state.place or Path.home()


def _name_of(run: str) -> str:
    return readable(path_of(run).name)
