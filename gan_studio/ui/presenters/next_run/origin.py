"""OriginPresenter: which run, at which step, or which weights the next run fine-tunes from."""

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.exchange.weights import Weights
from gan_studio.engine.files.paths import path_of
from gan_studio.engine.library.kept import KeptRead, Starts
from gan_studio.engine.library.runs import RunRenamed
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.text.message import Message
from gan_studio.ui.dialogs.questions import AskOrigin
from gan_studio.ui.dialogs.start_step import Start, StartStepDialog
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.runs.moments import facts_of
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate


class OriginPresenter(QObject):
    """Choose the weights that the next run starts from; with a run come its network settings."""

    def __init__(self, session: StudioSession, views: Views, setup: SetupPresenter, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._setup, self._window = session, views, setup, window
        self._dialog: StartStepDialog | None = None
        self._wanted: Path | None = None
        self._starts: Starts | None = None

    def choose(self) -> None:
        """Ask which run or weights the next run fine-tunes from."""
        origin = AskOrigin.ask(self._window)
        if origin is None:
            return
        if is_run(origin):
            self.choose_step(str(origin))
            return
        self._session.training.set_fine_tune(origin)
        text = self.tr("The next run starts from the weights of {name}.").format(name=origin.name)
        self._views.notices.show_notice(
            text, self.tr("Weights are taken wherever name and shape match; the others start at random.")
        )

    def choose_step(self, run: str) -> None:
        """Ask from which step of a run the next one starts."""
        self._wanted = path_of(run)
        self._session.library.read_starts(self._wanted)

    def show_starts(self, starts: Starts) -> None:
        """Show the steps of the run that was asked for."""
        state = self._session.training.state
        wanted, self._wanted = self._wanted, None
        if wanted is None or state.has_run or state.is_busy:
            return
        if not starts.moments:
            happened = Message("run.no_checkpoint", path=starts.path, reason="")
            self._views.notices.show_fault(NotDone(happened, Message("kept.set_up"), Message("todo.choose_origin")))
            return
        self._starts = starts
        if self._dialog is None:
            self._dialog = StartStepDialog(self._window)
            self._dialog.looked_at.connect(self._look_at)
            self._dialog.chosen.connect(self._take_step)
        rows = [Start(moment, moment in starts.checkpoints) for moment in starts.moments]
        self._dialog.show_starts(translate(starts.name), rows)
        self._dialog.show()
        self._dialog.raise_()

    def show_kept(self, read: KeptRead) -> None:
        """Show what is known of the chosen step."""
        if self._dialog is not None and self._starts is not None and read.path == self._starts.path:
            for kept in read.kept:
                self._dialog.show_facts(kept.moment, facts_of(kept), kept.pictured, kept.picture)

    def show_renamed(self, renamed: RunRenamed) -> None:
        """Call the run that is asked about by its new name."""
        starts = self._starts
        if self._dialog is not None and starts is not None and starts.path == Path(os.path.realpath(renamed.path)):
            self._starts = replace(starts, name=renamed.name)
            self._dialog.set_name(translate(renamed.name))

    def show_state(self) -> None:
        """Withdraw the question once a run is open."""
        state = self._session.training.state
        if self._dialog is not None and (state.has_run or state.is_busy):
            self._dialog.close()

    def take(self, weights: Weights) -> None:
        """Start the next run from a file of weights, with the networks that they belong to."""
        training = self._session.training
        if not (training.state.has_run or training.state.is_busy):
            self._setup.take_networks(weights.config)
            training.set_fine_tune(weights.path)
            text = self.tr("The next run starts from the weights of {name}, with its network settings.")
            self._views.notices.show_notice(text.format(name=weights.path.name))

    def forget(self) -> None:
        """Start the next run from random weights after all."""
        self._session.training.set_fine_tune(None)

    def _look_at(self, moment: Moment) -> None:
        if self._starts is not None:
            self._session.library.read_kept(self._starts.path, moment)

    def _take_step(self, moment: Moment) -> None:
        """Start the next run from a step of the run, with its network settings."""
        starts, training = self._starts, self._session.training
        if starts is None or training.state.has_run or training.state.is_busy:
            return
        self._setup.take_networks(starts.config)
        training.set_fine_tune(starts.path, moment, starts.name)
        text = self.tr("The next run starts from step {step} of {name}, with its network settings.")
        detail = self.tr("G and D both start from this checkpoint.")
        if moment not in starts.checkpoints:
            detail = self.tr("Only a snapshot was kept at this step: G starts from it, D from random weights.")
        name = translate(starts.name)
        self._views.notices.show_notice(text.format(step=grouped(moment.step), name=name), detail)
