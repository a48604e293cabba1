"""MomentsPresenter: what is known of the checkpoints of the open run: samples, time, losses, read one by one."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gan_studio.engine.library.kept import Kept, KeptRead
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.engine.run.contents import RunContents
from gan_studio.ui.history.kept_text import losses_text
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.date_text import Form, date_text


class MomentsPresenter(QObject):
    """Read what the history shows of each checkpoint, the newest first, and keep it.

    Signals:
        known(object Kept): a checkpoint was read.
    """

    known = Signal(object)

    def __init__(self, session: StudioSession, views: Views, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views = session, views
        self._place: Path | None = None
        self._known: dict[Moment, Kept] = {}
        self._waiting: list[Moment] = []

    def of(self, moment: Moment) -> Kept:
        """Return what is known of a checkpoint so far."""
        return self._known.get(moment, Kept(moment))

    def show_contents(self, contents: RunContents) -> None:
        """Read the checkpoints of a run that was opened from disk."""
        self.follow(contents.history)

    def show_state(self) -> None:
        """Forget the checkpoints of a run that is no longer open."""
        place = self._session.training.state.place
        if place != self._place:
            self._place, self._known, self._waiting = place, {}, []
            self._views.history.panel.set_kept({})

    def follow(self, history: History) -> None:
        """Read the checkpoints of these branches that are not known yet."""
        self.show_state()
        now = {Moment(branch.number, step) for branch in history.branches for step in branch.checkpoints}
        self._known = {moment: kept for moment, kept in self._known.items() if moment in now}
        is_reading = bool(self._waiting)
        self._waiting = self._newest_first(now - set(self._known))
        if not is_reading:
            self._read_next()

    def take(self, read: KeptRead) -> None:
        """Show what was read, and read the next checkpoint."""
        if read.path != self._place:
            return
        for kept in read.kept:
            self._known[kept.moment] = kept
            self.known.emit(kept)
        self._views.history.panel.set_kept(self._known)
        self._waiting = self._newest_first(set(self._waiting) - set(self._known))
        self._read_next()

    def give_up(self, kind: str) -> None:
        """Read no further after a checkpoint could not be read."""
        if kind == "kept":
            self._waiting = []

    def _newest_first(self, moments: Iterable[Moment]) -> list[Moment]:
        return sorted(moments, reverse=True)

    def _read_next(self) -> None:
        if self._waiting and self._place is not None:
            self._session.library.read_kept(self._place, self._waiting[0])


def facts_of(kept: Kept) -> tuple[str, ...]:
    """Write when a moment was saved and its losses, a line each."""
    when = date_text(kept.saved_at, Form.LongFormat)
    return tuple(line for line in (when, losses_text(kept.losses)) if line)
