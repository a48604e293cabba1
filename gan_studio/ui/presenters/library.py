"""LibraryPresenter: sizes on disk, saved pictures, and errors of reading and writing."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.files.paths import file_name
from gan_studio.engine.files.picture_origin import Origin
from gan_studio.engine.files.saved_picture import AS_IT_IS, PictureForm
from gan_studio.engine.library.runs import DiskUse, SavePicture
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import readable
from gan_studio.ui.dialogs.picture import AskPicture
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate

COPIED = "copied"
"""Topic of the notice that a picture was copied."""


class LibraryPresenter(QObject):
    """Show what was read from disk or written to it."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences, self._window = session, views, preferences, window

    # Pictures

    def save_picture(
        self, pixels: NDArray[np.uint8], origin: Origin, of_what: str, cells: tuple[int, int] = (1, 1)
    ) -> None:
        """Ask how and where to save a picture, and save it; its run and step are suggested as the name.

        Args:
            pixels: uint8 [H, W, C].
            origin: written into the file.
            of_what: end of the suggested name, such as "seed 7".
            cells: columns and rows of a sheet.
        """
        parts = (file_name(origin.name or origin.run), self._moment_text(origin.moment), of_what)
        name = " ".join(part for part in parts if part)
        form = self._preferences.picture_form
        if asked := self._ask_and_save(pixels, name, form, origin, cells):
            self._preferences.remember_picture(*asked)

    def save_plot(self, pixels: NDArray[np.uint8], name: str) -> None:
        """Ask how and where to save a plot, uint8 [H, W, C], and save it; it is proposed as it is, as PNG."""
        self._ask_and_save(pixels, name, AS_IT_IS, None, (1, 1))

    def _ask_and_save(
        self, pixels: NDArray[np.uint8], name: str, form: PictureForm, origin: Origin | None, cells: tuple[int, int]
    ) -> tuple[PictureForm, Path] | None:
        """Return the form and the folder that a person chose, or None."""
        asked = AskPicture.ask(self._window, pixels, name, form, self._picture_folder, origin is not None)
        if asked is None:
            return None
        path, chosen = asked
        self._session.library.save_picture(SavePicture(path, pixels, chosen, origin, cells))
        return chosen, path.parent

    def show_copied(self) -> None:
        """Say that a picture was copied."""
        self._views.notices.show_notice(self.tr("Copied to the clipboard."), topic=COPIED)

    def show_arrangement(self) -> None:
        """Show pictures as sharp and as large as a person left them."""
        for shown in (self._views.train, self._views.explore):
            shown.set_smooth(self._preferences.is_smooth(shown.objectName()))
            shown.set_share(self._preferences.share(shown.objectName()))

    def keep_smooth(self, part: str, is_smooth: bool) -> None:
        """Remember whether a tab smooths its pictures."""
        self._preferences.set_smooth(part, is_smooth)

    def keep_share(self, part: str, share: float) -> None:
        """Remember the share of the width that the picture of a tab has."""
        self._preferences.set_share(part, share)

    def reset_arrangement(self) -> None:
        """Give pictures the room that they can use."""
        for shown in (self._views.train, self._views.explore):
            self._preferences.set_share(shown.objectName(), 0.0)
        self.show_arrangement()

    @property
    def run_name(self) -> str:
        """What the open run is called, or ""."""
        state = self._session.training.state
        return translate(state.name) if state.has_run else ""

    @property
    def run_folder(self) -> str:
        """Name of the open run's folder, or ""."""
        place = self._session.training.state.place
        return readable(place.name) if place is not None else ""

    @property
    def _picture_folder(self) -> Path:
        """Where a picture was saved last; the home folder if that is gone."""
        folder = self._preferences.picture_folder
        return folder if folder.is_dir() else Path.home()

    def _moment_text(self, moment: Moment) -> str:
        """Write a moment as part of a file name; weights without a run have none."""
        if moment == Moment(0, 0) and not self._session.training.state.has_run:
            return ""
        text = self.tr("step {step} branch {branch}") if moment.branch else self.tr("step {step}")
        return text.format(step=moment.step, branch=moment.branch)

    def show_saved(self, path: str) -> None:
        """Show where a picture was saved."""
        self._views.notices.show_notice(self.tr("Saved: {path}").format(path=path))

    def show_not_done(self, kind: str, fault: NotDone) -> None:
        """Show why something could not be read or written; of pictures, marks and earlier runs, others show it."""
        if kind not in ("preview", "marks", "recent"):
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
