"""FaultPresenter: what the disk, the machine and the arithmetic do to a run, shown in words and with a way out."""

from pathlib import Path

from PySide6.QtCore import QObject

from gan_studio.engine.events import BecameNotFinite, RunFailed, RunPhase, SavingFailed
from gan_studio.engine.run.lock import Writer
from gan_studio.engine.text.message import Message
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.memory_need import MemoryNeed
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import bytes_text, clock_text, grouped
from gan_studio.ui.widgets.translate import translate

ACCEPT = "accept:"
"""Action of a notice that asks before a start, or after a run failed: this, and the question."""
SLOW, MEMORY = "slow", "memory"
"""Questions before a start."""
ROLL_BACK = "roll-back:"
"""Action of the notice of a run that met NaN: this, branch, colon, step."""
LEAST_BATCH = 2

_SAVING, _NOT_FINITE, _FAILURE, _WRITER, _BEFORE = "saving", "not-finite", "failure", "writer", "before-start"
"""Topics of notices."""
_GOING_ON = ("startAction", "pauseAction", "stepAction", "stopAction")
"""Actions that only the one program that trains a run can take."""


class FaultPresenter(QObject):
    """Show what goes wrong with the run in hand, and take it back when it no longer holds."""

    def __init__(self, session: StudioSession, views: Views, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views = session, views
        self._place: Path | None = None
        self._refused: SavingFailed | None = None
        self._writer: Writer | None = None

    # What no longer holds

    def show_state(self) -> None:
        """Take back what the next phase or another run makes untrue, and say who else trains the run."""
        state, notices = self._session.training.state, self._views.notices
        if state.phase is RunPhase.LOADING or state.place != self._place:
            for topic in (_SAVING, _NOT_FINITE, _FAILURE, _BEFORE):
                notices.withdraw(topic)
            self._forget_refusal()
        elif state.phase is RunPhase.RUNNING:
            notices.withdraw(_NOT_FINITE)
        self._show_writer(is_same_run=state.place == self._place)
        self._place = state.place

    def take_back_question(self) -> None:
        """Forget what was asked before a start: the set-up is another."""
        self._views.notices.withdraw(_BEFORE)

    # The disk

    def show_saving_failed(self, event: SavingFailed) -> None:
        """Say that the disk refuses the run: one message, kept up to date, until it is dismissed."""
        told, at_end = self._refused, self._session.training.state.phase is RunPhase.SAVING
        if told is not None and not at_end:
            is_dismissed = not self._views.notices.holds(_SAVING)
            if told.is_checkpoint > event.is_checkpoint or (told.is_checkpoint == event.is_checkpoint and is_dismissed):
                return  # a checkpoint needs more room than a sheet, and what was read need not be read again
        self._refused = event
        self._views.status.set_saving_refused(event.is_checkpoint)
        if at_end:
            kept = self.tr("The last step stays in memory until it is saved, and older checkpoints stay.")
            todo = self.tr("Make room there, or put the folder back: the run then ends by itself, saved.")
        else:
            kept = self.tr("The run goes on in memory, and older checkpoints stay.")
            todo = self.tr("Make room there, or put the folder back: the save is tried again by itself.")
        self._views.notices.show_error(translate(event.message), kept, todo, topic=_SAVING)

    def show_saving_recovered(self) -> None:
        """Say that the disk takes the run again."""
        self._forget_refusal()
        self._views.notices.withdraw(_SAVING)
        self._views.notices.show_notice(self.tr("Saving works again. Everything up to now is on the disk."))

    def _forget_refusal(self) -> None:
        self._refused = None
        self._views.status.set_saving_refused(False)

    # Arithmetic

    def show_not_finite(self, event: BecameNotFinite) -> None:
        """Say where NaN began and where the run stands, and offer to go on from there more slowly."""
        happened = translate(Message("fault.met", step=grouped(event.step), place=event.place))
        step = grouped(event.back_at)
        kept = self.tr(
            "Its update was not made: weights and statistics are finite. The run waits at step {step}, its last good"
            " checkpoint."
        )
        todo = self.tr("Going back begins a new branch with half the rates; Start goes on as it was.")
        words = self.tr("Go back to step {step} with half the rates")
        self._views.notices.show_error(
            happened,
            kept.format(step=step),
            todo,
            action_text=words.format(step=step),
            action=f"{ROLL_BACK}{event.branch}:{event.back_at}",
            topic=_NOT_FINITE,
        )

    # Memory, devices, and everything else that ends a run

    def show_failure(self, event: RunFailed) -> None:
        """Show why the run cannot go on; a question can be answered right there."""
        happened, kept, todo = (translate(part) for part in (event.happened, event.kept, event.todo))
        if event.question == "out_of_memory":
            happened = f"{happened} {self._memory_text(self._session.memory_need())}"
        words = self._answer_text(event.question)
        action = f"{ACCEPT}{event.question}" if words else ""
        notices = self._views.notices
        notices.show_error(happened, kept, todo, event.traceback, words, action, topic=_FAILURE)

    def show_slow(self, seconds: float) -> None:
        """Ask whether to start a run whose first sheet takes long."""
        text = self.tr("The first samples of this set-up are expected after about {clock} min on this machine.")
        advice = self.tr("A smaller size, width or batch is faster.")
        self._ask(text.format(clock=clock_text(seconds)), advice, SLOW)

    def show_memory(self, need: MemoryNeed) -> None:
        """Ask whether to start a run that will hardly find memory enough."""
        advice = self.tr("A smaller batch, size or width needs less.")
        self._ask(self._memory_text(need), advice, MEMORY)

    def _ask(self, text: str, advice: str, question: str) -> None:
        words = self.tr("Start all the same")
        self._views.notices.show_notice(text, advice, words, f"{ACCEPT}{question}", topic=_BEFORE)

    def _memory_text(self, need: MemoryNeed) -> str:
        if need.on_card:
            text = self.tr("This set-up needs about {needed}; the graphics card has {present} in all.")
        else:
            text = self.tr("This set-up needs about {needed}; {present} of main memory are free.")
        return text.format(needed=bytes_text(need.needed), present=bytes_text(need.present))

    def _answer_text(self, question: str) -> str:
        """Name the button that answers a question; nothing where there is none, or no smaller batch."""
        training = self._session.training
        if question == "out_of_memory":
            is_least = training.knob("batch_size") <= LEAST_BATCH
            return "" if is_least else self.tr("Go on with half the batch")
        if question == "device_lost":
            return self.tr("Go on with the CPU")
        if not question:
            return ""
        return self.tr("Go on all the same") if training.state.has_run else self.tr("Start all the same")

    # Another program

    def _show_writer(self, *, is_same_run: bool) -> None:
        writer, views = self._session.training.state.writer, self._views
        known, self._writer = self._writer, writer
        if writer is None:
            if known is not None:
                views.actions.retranslate()
                views.notices.withdraw(_WRITER)
            if known is not None and is_same_run:
                views.notices.show_notice(self.tr("The other program has ended. Start goes on with the run."))
            return
        reason = self.tr("Another program trains this run: {writer}.").format(writer=translate(writer.message))
        views.status.set_message(reason)
        if writer != known:
            for name in _GOING_ON:
                views.actions[name].setToolTip(reason)
            views.notices.withdraw(_FAILURE)
            step = grouped(self._session.training.state.step)
            kept = self.tr("Here it can be looked at and explored, as it was at step {step}.").format(step=step)
            todo = self.tr("Stop it there to go on with it here; this window notices by itself.")
            views.notices.show_standing(reason, kept, todo, topic=_WRITER)

    def retranslate(self) -> None:
        """Say again, in the language of the window, what stands."""
        if self._writer is not None:
            self._writer = None
            self._show_writer(is_same_run=True)
