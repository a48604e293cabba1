"""FaultPresenter: faults of a run (disk, arithmetic, memory, device, another program) and what can be done."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from gan_studio.engine.data.listing import is_known
from gan_studio.engine.events import BecameNotFinite, RunFailed, RunPhase, SavingFailed
from gan_studio.engine.run.lock import Writer
from gan_studio.engine.text.message import Message
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.next_run.pictures import PICTURES_REFUSED
from gan_studio.ui.presenters.run import BEFORE_START, RunPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

HALF = 0.5
"""Factor of both learning rates when a run goes back after NaN."""

LEAST_BATCH = 2

_IN_WINDOW = {
    "todo.put_back_or_name": Message("todo.choose_place"),
    "todo.name_pictures": Message("todo.choose_other_place"),
    "todo.accept_pictures": Message("todo.choose_place_or_go_on"),
}
"""What to do here about pictures that changed or moved, where the command line names its commands."""

_SAVING, _NOT_FINITE, _FAILURE, _WRITER = "saving", "not-finite", "failure", "writer"
"""Topics of notices."""
_TRANSPORT = ("startAction", "pauseAction", "stepAction", "stopAction")
"""Actions that are possible only in the program that trains the run."""


class FaultPresenter(QObject):
    """Show the faults of the open run, and withdraw each notice once it is no longer true."""

    def __init__(self, session: StudioSession, views: Views, run: RunPresenter, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views, self._run = session, views, run
        self._place: Path | None = None
        self._refused: SavingFailed | None = None
        self._writer: Writer | None = None

    def show_state(self) -> None:
        """Withdraw notices that a new phase or run makes untrue, and show which other program trains the run."""
        state, notices = self._session.training.state, self._views.notices
        if state.phase is RunPhase.LOADING or state.place != self._place:
            for topic in (_SAVING, _NOT_FINITE, _FAILURE, BEFORE_START, PICTURES_REFUSED):
                notices.withdraw(topic)
            self._forget_refusal()
        elif state.phase is RunPhase.RUNNING:
            notices.withdraw(_NOT_FINITE)
        self._show_writer(is_same_run=state.place == self._place)
        self._place = state.place

    # The disk

    def show_saving_failed(self, event: SavingFailed) -> None:
        """Show that the run cannot be saved, in one notice that is kept up to date until it is dismissed."""
        is_at_end = self._session.training.state.phase is RunPhase.SAVING
        if not is_at_end and self._is_known(event):
            return
        self._refused = event
        self._views.status.set_saving_refused(event.is_checkpoint)
        if is_at_end:
            kept = self.tr("The last step stays in memory until it is saved. Older checkpoints are intact.")
            todo = self.tr("Free disk space there, or put the folder back. The run is then saved and ends.")
        else:
            kept = self.tr("Training goes on in memory. Older checkpoints are intact.")
            todo = self.tr("Free disk space there, or put the folder back. Saving is then tried again automatically.")
        self._views.notices.show_error(translate(event.message), kept, todo, topic=_SAVING)

    def _is_known(self, event: SavingFailed) -> bool:
        """Return whether a failed save is no news: its notice was dismissed, or a checkpoint already failed."""
        known = self._refused
        if known is None or known.is_checkpoint < event.is_checkpoint:
            return False
        return known.is_checkpoint > event.is_checkpoint or not self._views.notices.holds(_SAVING)

    def show_saving_recovered(self) -> None:
        """Show that the run can be saved again."""
        self._forget_refusal()
        self._views.notices.withdraw(_SAVING)
        self._views.notices.show_notice(
            self.tr("Saving works again. Samples and snapshots that could not be saved are missing.")
        )

    def _forget_refusal(self) -> None:
        self._refused = None
        self._views.status.set_saving_refused(False)

    # Arithmetic

    def show_not_finite(self, event: BecameNotFinite) -> None:
        """Show where NaN began and where the run waits, and offer to go back with half the learning rates."""
        step = grouped(event.back_to.step)
        kept = self.tr(
            "Its update was not applied, so the weights are finite. The run waits at step {step}, its last good"
            " checkpoint."
        )
        todo = self.tr("Going back begins a new branch with half the learning rates; Resume goes on unchanged.")
        words = self.tr("Go back to step {step} with half the learning rates").format(step=step)
        button = NoticeButton(words, partial(self._session.training.roll_back, event.back_to, HALF))
        happened = translate(Message("fault.met", step=grouped(event.step), place=event.place))
        self._views.notices.show_error(happened, kept.format(step=step), todo, button=button, topic=_NOT_FINITE)

    # Memory, devices, and everything else that ends a run

    def show_failure(self, failure: RunFailed) -> None:
        """Show why the run has stopped; if that is a question, a button accepts it."""
        need = self._session.memory_need() if failure.question == "out_of_memory" else None
        remark = "" if need is None else self._run.memory_text(need)
        words = self._answer_text(failure.question)
        button = NoticeButton(words, partial(self._run.accept, failure.question)) if words else None
        place = self._place_button(failure.question)
        todo = _IN_WINDOW.get(failure.todo.key, failure.todo)
        if failure.question == "other_pictures" and place is None:
            todo = Message("todo.go_on_or_begin")
        failure = replace(failure, todo=todo)
        first, other = (button, place) if button is not None else (place, None)
        self._views.notices.show_fault(failure, failure.traceback, first, _FAILURE, remark, other)

    def _place_button(self, question: str) -> NoticeButton | None:
        """Offer to say where the pictures are now; those of a known data set have no place."""
        is_known_set = is_known(self._session.training.state.config.data.source)
        if question not in ("moved_pictures", "other_pictures") or is_known_set:
            return None
        return NoticeButton(self._run.place_text, self._run.choose_place)

    def _answer_text(self, question: str) -> str:
        """Name the button that accepts a question; empty without a question, or if no smaller batch is possible."""
        training = self._session.training
        if question == "out_of_memory":
            is_least = training.knob("batch_size") <= LEAST_BATCH
            return "" if is_least else self.tr("Go on with half the batch size")
        if question == "device_lost":
            return self.tr("Go on with the CPU")
        if question in ("", "moved_pictures"):
            return ""
        return self.tr("Go on anyway") if training.state.has_run else self.tr("Start anyway")

    # Another program

    def _show_writer(self, *, is_same_run: bool) -> None:
        writer, views = self._session.training.state.writer, self._views
        known, self._writer = self._writer, writer
        if writer is not None:
            reason = self.tr("Another program is training this run: {writer}.")
            self._show_held(reason.format(writer=translate(writer.message)), is_new=writer != known)
        elif known is not None:
            views.actions.retranslate()
            views.notices.withdraw(_WRITER)
            if is_same_run:
                views.notices.show_notice(self.tr("The other program has ended. The run can be trained on here."))

    def _show_held(self, reason: str, *, is_new: bool) -> None:
        """Show that the run is read-only in this window."""
        views = self._views
        views.status.set_message(reason)
        if is_new:
            for name in _TRANSPORT:
                views.actions[name].setToolTip(reason)
            views.notices.withdraw(_FAILURE)
            step = grouped(self._session.training.state.step)
            kept = self.tr("You can view and explore it here, as it was at step {step}.").format(step=step)
            todo = self.tr("Stop it there to resume it here. This window notices when the other program ends.")
            views.notices.show_standing(reason, kept, todo, topic=_WRITER)

    def retranslate(self) -> None:
        """Show, in the language of the window, which other program trains the run."""
        if self._writer is not None:
            self._writer = None
            self._show_writer(is_same_run=True)
