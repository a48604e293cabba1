"""LibraryPresenter: sizes on disk, saved pictures, and errors of reading and writing."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.library.runs import DiskUse
from gan_studio.ui.dialogs.questions import AskPicturePath
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


class LibraryPresenter(QObject):
    """Show what was read from disk or written to it."""

    def __init__(self, session: StudioSession, views: Views, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window

    def save_picture(self, pixels: NDArray[np.uint8], name: str) -> None:
        """Ask where to save a picture, uint8 [H, W, C], and save it there; `name` is suggested."""
        path = AskPicturePath.ask(self._window, name)
        if path is not None:
            self._session.library.save_picture(path, pixels)

    def show_saved(self, path: str) -> None:
        """Show where a picture was saved."""
        self._views.notices.show_notice(self.tr("Saved: {path}").format(path=path))

    def show_not_done(self, kind: str, fault: NotDone) -> None:
        """Show why something could not be read or written; of pictures and of earlier runs, others show it."""
        if kind not in ("preview", "recent"):
            self._views.notices.show_fault(fault)

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
