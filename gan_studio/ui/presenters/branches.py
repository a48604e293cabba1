"""BranchesPresenter: the branches of the run, and going back to a checkpoint; plots and sliders follow."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gan_studio.engine.events import BranchBegun, RunOpened, RunPhase
from gan_studio.engine.library.branches import EVER, Way
from gan_studio.engine.library.kept import Kept
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import Branch, History
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import Message
from gan_studio.ui.dialogs.going_back import GoingBack, GoingBackDialog
from gan_studio.ui.presenters.explorer import ExplorerPresenter
from gan_studio.ui.presenters.runs.moments import MomentsPresenter, facts_of
from gan_studio.ui.presenters.samples import SamplesPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped

READ_MS = 1000
"""Milliseconds between two readings of the history of a run in training."""

IN_TRAINING = (RunPhase.RUNNING, RunPhase.PAUSED)


class BranchesPresenter(QObject):
    """Show the branches of the open run. Plots, sheets and snapshots show only the path to its current step."""

    def __init__(
        self,
        session: StudioSession,
        views: Views,
        samples: SamplesPresenter,
        explorer: ExplorerPresenter,
        moments: MomentsPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._moments, self._window = moments, window
        self._dialog: GoingBackDialog | None = None
        self._asked: Moment | None = None
        self._session, self._views, self._samples, self._explorer = session, views, samples, explorer
        self._place: Path | None = None
        self._history = History(())
        self._branch = 0
        self._awaited: Moment | None = None
        self._is_going_back = False
        self._reading = QTimer(self, singleShot=True, interval=READ_MS)
        self._reading.timeout.connect(self._read)

    # What a person wants

    def ask_to_go_back(self, moment: Moment) -> None:
        """Ask once whether to go back to a checkpoint, and show what it is."""
        if not self._can_go_back:
            return
        if self._dialog is None:
            self._dialog = GoingBackDialog(self._window)
            self._dialog.answered.connect(self._go_back)
        self._asked = moment
        self._show_question()
        self._dialog.show()
        self._dialog.raise_()

    def follow_kept(self, kept: Kept) -> None:
        """Show what was read of the checkpoint that the question is about."""
        if kept.moment == self._asked:
            self._show_question()

    def _show_question(self) -> None:
        if self._dialog is None or self._asked is None:
            return
        moment, training = self._asked, self._session.training
        kept = self._moments.of(moment)
        rates = (training.knob("learning_rate_g"), training.knob("learning_rate_d"))
        question = GoingBack(
            moment.step, moment.branch, facts_of(kept), kept.pictured, kept.picture, self._what_stays(), rates
        )
        self._dialog.show_question(question)

    def _what_stays(self) -> str:
        """Say what becomes of the present branch."""
        state, saved = self._session.training.state, self._saved_steps
        step = state.step
        if self._is_to_be_saved:
            text = self.tr("A new branch begins there. Branch {branch} is saved first, as it is then, and stays.")
        elif step in saved:
            text = self.tr("A new branch begins there. Branch {branch} stays as it is, at step {step}.")
        elif saved:
            step = saved[-1]
            text = self.tr("A new branch begins there. Branch {branch} stays up to its newest checkpoint, step {step}.")
        else:
            text = self.tr(
                "A new branch begins there. Branch {branch} has no checkpoint; its metrics and samples stay."
            )
        return text.format(branch=state.branch, step=grouped(step))

    @property
    def _saved_steps(self) -> tuple[int, ...]:
        """The steps at which the present branch has checkpoints, oldest first."""
        now = self._session.training.state.branch
        return next((branch.checkpoints for branch in self._history.branches if branch.number == now), ())

    @property
    def _is_to_be_saved(self) -> bool:
        """Whether the present branch has steps in memory that no checkpoint holds."""
        state = self._session.training.state
        return state.phase is RunPhase.RUNNING or (state.can_sample and state.step not in self._saved_steps)

    def _go_back(self, share: float) -> None:
        """Roll the run back to the checkpoint that was asked about; what is only in memory is saved first."""
        moment, self._asked = self._asked, None
        if moment is None or not self._can_go_back:
            return
        is_to_be_saved, self._is_going_back = self._is_to_be_saved, True
        self.show_state()
        if is_to_be_saved:
            self._session.training.checkpoint_now()
        self._session.training.roll_back(moment, share)

    # What the session reports

    def show_state(self) -> None:
        """Show whether the run can go back, and its branch and step."""
        state = self._session.training.state
        self._is_going_back = self._is_going_back and state.phase in IN_TRAINING
        if not state.has_run:
            self._place, self._awaited = None, None
            self.show_history(History(()))
        self._views.actions["rollBackAction"].setEnabled(state.has_run)
        if self._dialog is not None and not self._can_go_back:
            self._asked = None
            self._dialog.close()
        self._show_question()
        self._views.history.panel.set_allowed(self._can_go_back)
        self.show_now()

    def show_not_finite(self) -> None:
        """Allow going back again, because a step that met NaN cancels an earlier request."""
        self._is_going_back = False
        self.show_state()

    def show_now(self) -> None:
        """Mark the branch of the run and, while it does not train, its checkpoint."""
        state = self._session.training.state
        rests = state.phase in (RunPhase.PAUSED, RunPhase.FINISHED, RunPhase.FAILED)
        self._views.history.panel.set_now(state.branch, state.step if rests else None)

    def show_contents(self, contents: RunContents) -> None:
        """Show the history of a run that was opened from disk."""
        self._take(contents.folder.root, contents.moment.branch)
        self.show_history(contents.history)

    def show_run_opened(self, event: RunOpened) -> None:
        """Follow a run that begins or resumes, perhaps in a branch other than the one shown."""
        if event.folder != self._place:
            self._take(event.folder, event.moment.branch)
            self.show_history(History(()))
        elif event.moment.step == 0 or event.moment.branch != self._branch:
            self._awaited = event.moment  # at step 0 the views were emptied, as for a new run
            self._follow(event.moment)
        self._read()

    def show_branch(self, event: BranchBegun) -> None:
        """Follow the run back to where a new branch begins."""
        others = (branch for branch in self._history.branches if branch.number != event.moment.branch)
        begun = Branch(event.moment.branch, event.left.branch, event.left.step, time.time(), ())
        self.show_history(History((*others, begun)))
        self._follow(event.moment)
        for name, value in event.knobs.items():
            self._views.setup.set_knob(name, value)
        self._is_going_back = False
        self.show_state()
        self.read_soon()

    def show_refused(self, message: Message) -> None:
        """Allow going back again if the run could not begin the branch."""
        if message.key == "branch.not_begun":
            self._is_going_back = False
            self.show_state()

    def read_soon(self) -> None:
        """Read the history again soon, but once for many changes."""
        if not self._reading.isActive():
            self._reading.start()

    def show_history(self, history: History) -> None:
        """Show the branches of the run."""
        self._history = history
        self._views.history.panel.set_history(history)

    def show_way(self, way: Way) -> None:
        """Show metrics, sheets and snapshots on the path to the step that the run went back to; keep newer ones."""
        if (way.path, way.moment) == (self._place, self._awaited):
            self._awaited = None
            self._views.train.replace_up_to(way.moment.step, way.steps, way.values)
            self._samples.show_way(way)
            self._explorer.show_way(way)

    # How it is done

    @property
    def _can_go_back(self) -> bool:
        training, state = self._session.training, self._session.training.state
        is_ending = not state.is_busy and training.thread_in_hand is not None
        return state.can_roll_back and not is_ending and not self._is_going_back

    def _take(self, place: Path, branch: int) -> None:
        """Note which run, and which of its branches, is shown."""
        self._place, self._branch, self._awaited = place, branch, None

    def _read(self) -> None:
        if self._place is not None:
            self._session.library.read_history(self._place)

    def _follow(self, moment: Moment) -> None:
        """Remove what is not on the path to a moment, and read what is missing from the path."""
        fork = _fork(self._history.way(Moment(self._branch, EVER)), self._history.way(moment))
        self._branch = moment.branch
        self._views.train.drop_after(fork)
        self._samples.keep_way(self._history, moment)
        self._explorer.keep_way(self._history, moment)
        if self._place is not None and (fork < moment.step or self._awaited is not None):
            self._awaited = moment
            self._session.library.read_way(self._place, moment)


def _fork(one: tuple[tuple[int, int, int], ...], other: tuple[tuple[int, int, int], ...]) -> int:
    """Return the last step that two paths (see History.way) have in common, or -1."""
    common = -1
    for (branch, _, up_to), (other_branch, _, other_up_to) in zip(one, other, strict=False):
        if branch != other_branch:
            break
        common = min(up_to, other_up_to)
        if up_to != other_up_to:
            break
    return common
