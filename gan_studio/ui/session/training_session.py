"""TrainingSession: the open run. Turns what a person wants into a training thread and commands to its control."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from gan_studio.engine.config.schema import LIVE_KNOBS, RunConfig, value_at, with_values
from gan_studio.engine.events import PhaseChanged, RunFailed, RunOpened, RunPhase
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import TrainingThread
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.folder import new_run_place, runs_root
from gan_studio.engine.run.lock import Writer
from gan_studio.engine.text.message import Message
from gan_studio.engine.training.request import RunRequest
from gan_studio.ui.session.run_events import RunEvents
from gan_studio.ui.session.run_state import RunState
from gan_studio.ui.session.start_terms import StartTerms

RATES = ("learning_rate_g", "learning_rate_d")
"""Live settings of which going back may take a share."""
TAKE_MS, SPARING_TAKE_MS = 50, 125
"""Milliseconds between two readings of events; longer while the CPU trains, because each wake-up slows training."""


class TrainingSession(RunEvents):
    """Starts, pauses, steps, stops and steers a run.

    Attributes:
        terms: where the next start begins.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.thread_in_hand: TrainingThread | None = None
        self.terms = StartTerms()
        self.failed.connect(self._ask)
        self.run_opened.connect(self._forget_terms)
        self._device: str | None = None
        self._waiting_knobs: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TAKE_MS)
        self._timer.timeout.connect(self._take_events)
        self.run_opened.connect(self._pace)

    # What a person wants

    def set_config(self, config: RunConfig) -> None:
        """Set the set-up of the next run; ignored while a run is open."""
        if not self.state.has_run:
            self.state.config = config
            self.state.steps = config.training.steps
            self.state_changed.emit()

    def set_fine_tune(self, origin: Path | None, moment: Moment | None = None, name: Message | None = None) -> None:
        """Fine-tune the next new run from earlier weights, or not; ignored while a run is open.

        Args:
            origin: run folder or file of weights; None: start from random weights.
            moment: the moment of that run; None: its newest usable checkpoint.
            name: what that run is called.
        """
        if not self.state.has_run:
            self.terms.fine_tune, self.terms.fine_tune_from, self.terms.fine_tune_name = origin, moment, name
            self.state_changed.emit()

    def set_pictures_place(self, place: str | None) -> None:
        """Read the pictures of the open run from another place at its next start, and only then; None: do not."""
        if self.state.has_run:
            self.terms.place = place

    def start(self) -> None:
        """Begin a run, resume a paused one, or continue the open run that has ended."""
        self.terms.refuse()
        self._start()

    def accept(self, question: str) -> None:
        """Accept the question that a run failed with, and start; for another set-up, the question is asked again."""
        self.terms.accept(question, self.state.config)
        if question == "out_of_memory":
            self._halve_batch()
        elif question == "device_lost":
            self.set_device("cpu")
        self._start()

    def _start(self) -> None:
        if self.state.phase is RunPhase.PAUSED and self.thread_in_hand is not None:
            self.thread_in_hand.control.resume()
        elif self.state.can_start and self.thread_in_hand is None:
            self._launch()

    def pause(self) -> None:
        """Pause the run after the current step."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.pause()

    def step_once(self) -> None:
        """Do one step of a paused run."""
        if self.state.can_step and self.thread_in_hand is not None:
            self.thread_in_hand.control.step_once()

    def stop(self) -> None:
        """End the run with a checkpoint of its last step."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.stop()

    def roll_back(self, moment: Moment, rate_share: float = 1.0) -> None:
        """Go back to a checkpoint, in a new branch, and train on.

        Args:
            moment: branch and step of the checkpoint.
            rate_share: share of the present learning rates that the run goes on with; 1: those of the checkpoint.
        """
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.roll_back(moment.step, moment.branch, rate_share)
            self.thread_in_hand.control.resume()
        elif self.state.can_roll_back:
            self.terms.refuse()
            self._share_waiting_rates(rate_share)
            self.terms.back_to, self.terms.rate_share = moment, rate_share
            self._launch()

    def _share_waiting_rates(self, share: float) -> None:
        """Take the share of the learning rates too that a person has set while the run was at rest."""
        for name in RATES:
            if share != 1 and name in self._waiting_knobs:
                self._keep_knob(name, share * self._waiting_knobs[name])

    def set_knob(self, name: str, value: float) -> None:
        """Change a live setting, or the target ("steps"); if the run does not train, change it when the run resumes."""
        if self.thread_in_hand is None:
            self._keep_knob(name, value)
        elif name == "steps":
            self.thread_in_hand.control.extend_to(int(value))
        else:
            self.thread_in_hand.control.set_knob(name, value)

    def knob(self, name: str) -> float:
        """Return the value of a live setting, or the value it will have when the run resumes."""
        known = self.state.knobs.get(name, float(value_at(self.state.config, LIVE_KNOBS[name].path)))
        return self._waiting_knobs.get(name, known)

    def sample_now(self) -> None:
        """Draw and keep a sample sheet between two steps."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.sample_now()

    def checkpoint_now(self) -> None:
        """Write a checkpoint between two steps."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.checkpoint_now()

    def publish_weights(self) -> None:
        """Ask for a copy of the EMA generator."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.publish_weights()

    def show_run(self, contents: RunContents) -> None:
        """Make a run from the disk the open run; starting resumes it."""
        self._device, self._waiting_knobs = None, {}
        self.terms.forget()
        self.state = RunState(
            phase=RunPhase.FINISHED,
            config=contents.config,
            place=contents.folder.root,
            moment=contents.moment,
            steps=contents.target,
            knobs=dict(contents.knobs),
            writer=contents.writer,
            name=contents.name,
        )
        self.state_changed.emit()
        self.progressed.emit()

    def set_writer(self, writer: Writer) -> None:
        """Make the open run read-only while another program trains it."""
        if not self.state.is_busy and self.thread_in_hand is None:
            self.state.writer = writer
            self.state_changed.emit()

    def note_name(self, place: Path, name: Message) -> None:
        """Note that a run is called by another name now: the open one, or the one that the next run fine-tunes from."""
        if place == self.state.place:
            self.state.name = name
        self.terms.note_name(Path(os.path.realpath(place)), name)
        self.state_changed.emit()

    def forget_run(self, config: RunConfig) -> None:
        """Close an ended run, and set up the next one."""
        if not self.state.is_busy:
            self._waiting_knobs = {}
            self.state = RunState(config=config, steps=config.training.steps)
            self.state_changed.emit()
            self.progressed.emit()

    def hurry(self) -> None:
        """Do not wait while the disk is full, because the program has to end."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.hurry()

    def abandon(self) -> None:
        """End the run after the current step without a checkpoint: steps since the last one are lost."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.control.abandon()

    def set_device(self, name: str) -> None:
        """Choose the device of the next run, or of the open one when it resumes."""
        if self.state.has_run:
            self._device = name
        else:
            self.set_config(self.state.config.model_copy(update={"device": name}))

    @property
    def device(self) -> str:
        """Name of the chosen device."""
        return self._device or self.state.config.device

    @property
    def has_just_ended(self) -> bool:
        """Whether the run has finished and its training thread is about to end."""
        return self.state.phase is RunPhase.FINISHED and self.thread_in_hand is not None

    def wait(self) -> None:
        """Wait until the training thread has ended."""
        if self.thread_in_hand is not None:
            self.thread_in_hand.wait()
            self._on_thread_finished()

    # How it is done

    def _launch(self) -> None:
        state, back_to = self.state, self.terms.back_to
        if state.place is None:
            place, config, steps, self._device = new_run_place(state.config, runs_root()), state.config, None, None
        else:
            done = state.step if back_to is None else back_to.step
            if done >= state.steps:
                self._keep_knob("steps", done + state.config.training.steps)
            place, config, steps = state.place, None, state.steps
        origin = self.terms.fine_tune if config is not None else None
        request = RunRequest(
            place,
            config,
            steps=steps,
            device=self._device,
            accepts=self.terms.accepts,
            fine_tune=origin,
            fine_tune_from=self.terms.fine_tune_from if config is not None else None,
            back_to=back_to,
            rate_share=self.terms.rate_share,
            left_to_pictures=self.terms.left_to_pictures if config is not None else frozenset(),
            data=self.terms.data if config is None else None,
        )
        self.thread_in_hand = TrainingThread(request, self)
        self.thread_in_hand.control.be_patient()
        self.thread_in_hand.events_waiting.connect(self._timer.start)
        self.thread_in_hand.finished.connect(self._on_thread_finished)
        for name, value in self._waiting_knobs.items():
            self.set_knob(name, value)
        self._enter(RunPhase.LOADING)
        self.thread_in_hand.start()

    def _halve_batch(self) -> None:
        half = max(2, int(self.knob("batch_size")) // 2)
        if self.state.has_run:
            self._keep_knob("batch_size", half)
        else:
            self.set_config(with_values(self.state.config, {"training.batch_size": half}))

    def _ask(self, failure: RunFailed) -> None:
        self.terms.ask(failure.question, self.state.config)

    def _forget_terms(self) -> None:
        self._waiting_knobs = {}
        self.terms.forget()

    def _keep_knob(self, name: str, value: float) -> None:
        """Keep a change until the run resumes."""
        if self.state.has_run:
            self._waiting_knobs[name] = value
        if self.state.has_run and name == "steps":
            self.state.steps = int(value)
            self.progressed.emit()

    def _on_thread_finished(self) -> None:
        thread = self.thread_in_hand
        if thread is None:
            return
        self._take_events()
        self.thread_in_hand = None
        thread.deleteLater()
        if self.state.is_busy:  # the thread died without an event
            self.tell(RunFailed(Message("run.thread_ended"), Message("kept.checkpoints"), Message("todo.see_log")))
            self.tell(PhaseChanged(RunPhase.FAILED))
        self.state_changed.emit()

    def _pace(self, opened: RunOpened) -> None:
        self._timer.setInterval(SPARING_TAKE_MS if opened.execution.is_cpu else TAKE_MS)

    def _take_events(self) -> None:
        if self.thread_in_hand is not None:
            for event in self.thread_in_hand.take_events():
                self.tell(event)
