"""SpacePresenter: freeing disk space in the open run."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.run.space import SpaceFreed, SpareSpace
from gan_studio.ui.dialogs.free_space import FreeSpaceDialog, SpareRow
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate


class SpacePresenter(QObject):
    """Show which files of the open run can be deleted without interrupting it, and delete the chosen kinds."""

    def __init__(self, session: StudioSession, views: Views, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window
        self._dialog: FreeSpaceDialog | None = None

    def open(self) -> None:
        """Show the dialog, and measure the run."""
        place = self._session.training.state.place
        if place is None:
            return
        if self._dialog is None:
            self._dialog = FreeSpaceDialog(self._window)
            self._dialog.freeing_wanted.connect(self._free)
        self._dialog.show_waiting()
        self._session.library.read_spare(place)
        self._dialog.show()
        self._dialog.raise_()

    def show_state(self) -> None:
        """Offer the dialog only while a run is open."""
        has_run = self._session.training.state.has_run
        self._views.actions["freeSpaceAction"].setEnabled(has_run)
        if self._dialog is not None and not has_run:
            self._dialog.close()

    def show_spare(self, space: SpareSpace) -> None:
        """Show what can be deleted, unless another run is open by now."""
        if self._dialog is None or space.folder != self._session.training.state.place:
            return
        rows = [
            SpareRow(spare.kind, len(spare.files), spare.size_bytes, translate(spare.what_goes))
            for spare in space.spares
        ]
        self._dialog.show_rows(rows, space.run_bytes, space.free_bytes)

    def show_freed(self, freed: SpaceFreed) -> None:
        """Show how much was deleted, and what can still be deleted."""
        self.show_spare(freed.left)
        if self._dialog is not None:
            self._dialog.show_freed(freed.freed_bytes)

    def show_not_done(self, kind: str, _fault: NotDone) -> None:
        """Close the dialog if its run cannot be measured or cleaned; the library presenter shows why."""
        if self._dialog is not None and kind in ("spare", "free"):
            self._dialog.close()

    def _free(self, kinds: tuple[str, ...]) -> None:
        place = self._session.training.state.place
        if place is not None:
            self._session.library.free_space(place, kinds)
