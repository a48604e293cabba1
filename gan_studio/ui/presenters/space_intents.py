"""SpaceIntents: the question how to free space in the open run, and what becomes of the answer."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.library.runs import NotRead
from gan_studio.engine.run.space import SpaceFreed, SpareSpace
from gan_studio.ui.dialogs.free_space import FreeSpaceDialog, SpareRow
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate


class SpaceIntents(QObject):
    """Show what of the open run can go while everything else goes on, and have it deleted."""

    def __init__(self, session: StudioSession, views: Views, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window
        self._dialog: FreeSpaceDialog | None = None
        self.show_state()

    def open(self) -> None:
        """Show the dialog, and look at the run."""
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
        """Offer it only while a run is open."""
        has_run = self._session.training.state.has_run
        self._views.actions["freeSpaceAction"].setEnabled(has_run)
        if self._dialog is not None and not has_run:
            self._dialog.close()

    def show_spare(self, space: SpareSpace) -> None:
        """Show what can go, unless another run is open by now."""
        if self._dialog is None or space.folder != self._session.training.state.place:
            return
        rows = [
            SpareRow(spare.kind, len(spare.files), spare.size_bytes, translate(spare.what_goes))
            for spare in space.spares
        ]
        self._dialog.show_rows(rows, space.run_bytes, space.free_bytes)

    def show_freed(self, freed: SpaceFreed) -> None:
        """Say what was deleted, and show what is left."""
        self.show_spare(freed.left)
        if self._dialog is not None:
            self._dialog.show_freed(freed.freed_bytes)

    def show_not_read(self, kind: str, _fault: NotRead) -> None:
        """Close the dialog where its run cannot be looked at; why is told by a notice."""
        if self._dialog is not None and kind in ("spare", "free"):
            self._dialog.close()

    def _free(self, kinds: tuple[str, ...]) -> None:
        place = self._session.training.state.place
        if place is not None:
            self._session.library.free_space(place, kinds)
