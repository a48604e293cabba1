"""RunPresenter: what the session tells, shown in the views."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.events import LoadingProgress, RunOpened, RunPhase, SamplesDrawn
from gan_studio.engine.explore.requests import NotDrawn
from gan_studio.engine.latent import Prior
from gan_studio.engine.library.branches import Way
from gan_studio.engine.library.runs import DiskUse, NotRead, RecentRun, Sheet
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.space import SpaceFreed
from gan_studio.engine.text.message import Message
from gan_studio.ui.presenters.kept_moments import joined_by, later_than
from gan_studio.ui.presenters.phase_text import phase_text
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

CPU_REDRAW_HZ, GPU_REDRAW_HZ = 4, 20
PROGRESS_MS = 250
"""Between two looks at step and rate: as often as an eye reads them; each costs half a millisecond of training."""

SHEET_COLUMNS = 8
"""Cells across a recorded sample sheet."""


class RunPresenter(QObject):
    """Bring facts of a run to the widgets that show them."""

    def __init__(self, session: StudioSession, views: Views, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views, self._preferences = session, views, preferences
        self._sheets: tuple[Moment, ...] = ()
        self._snapshots: tuple[Moment, ...] = ()
        self._recent: tuple[RecentRun, ...] = ()
        self._has_model = False
        self._progress_timer = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._progress_timer.timeout.connect(self.show_progress)

    # The run in hand

    def show_state(self) -> None:
        """Show where the run is, and what can be done now."""
        state, views = self._session.training.state, self._views
        actions = views.actions
        actions["startAction"].setEnabled(state.can_start)
        actions["pauseAction"].setEnabled(state.can_pause)
        actions["stepAction"].setEnabled(state.can_step)
        actions["stopAction"].setEnabled(state.can_stop)
        for name in ("sampleNowAction", "checkpointNowAction"):
            actions[name].setEnabled(state.can_sample)
        for name in ("newRunAction", "openRunAction"):
            actions[name].setEnabled(not state.is_busy)
        actions["showFolderAction"].setEnabled(state.has_run)
        views.train.set_sample_now_enabled(state.can_sample)
        views.train.set_loss(state.config.training.loss)
        views.toolbar.set_locked(has_run=state.has_run or state.is_busy, is_busy=state.is_busy)
        views.setup.set_locked(state.has_run or state.is_busy)
        views.status.set_message(phase_text(state.phase))
        views.status.set_device(state.device)
        self.show_progress()

    def follow_progress(self) -> None:
        """Show step, rate and time to go soon, however often they move."""
        if not self._progress_timer.isActive():
            self._progress_timer.start()

    def show_progress(self) -> None:
        """Show step, rate and time to go."""
        state = self._session.training.state
        self._views.toolbar.readout.set_progress(
            state.step,
            state.steps,
            state.images_per_second,
            int(state.knobs.get("batch_size", state.config.training.batch_size)),
        )

    def show_config(self, config: RunConfig) -> None:
        """Show a set-up in dock and toolbar."""
        self._views.setup.set_config(config)
        self._views.toolbar.show_preset(config.preset)
        self._views.toolbar.show_source(config.data.source)
        self._views.toolbar.show_device(config.device)

    def show_no_run(self) -> None:
        """Show that no run is open, and which were before."""
        self._clear()
        self._session.library.read_recent(self._preferences.recent_runs)
        self._has_model = False
        self._show_reason()

    def _clear(self) -> None:
        self._sheets = self._snapshots = ()
        self._views.train.clear()
        self._views.train.set_sheets(())
        self._views.explore.set_snapshots(())
        self._views.status.set_checkpoint(None)

    def show_run_opened(self, event: RunOpened) -> None:
        """Show that training begins or goes on."""
        if event.step == 0:
            self._clear()
        self.show_config(event.config)
        self._views.toolbar.show_device(self._session.training.device)
        for name, value in event.knobs.items():
            self._views.setup.set_knob(name, value)
        self._views.setup.set_knob("steps", event.steps)
        self._views.train.set_class_names(event.class_names)
        self._views.train.set_redraw_hz(CPU_REDRAW_HZ if event.device == "cpu" else GPU_REDRAW_HZ)
        self._remember(event.folder)

    def show_contents(self, contents: RunContents) -> None:
        """Show a run that was opened from the disk."""
        views = self._views
        self._clear()
        self.show_config(contents.config)
        for name, value in contents.knobs.items():
            views.setup.set_knob(name, value)
        views.setup.set_knob("steps", contents.target)
        views.train.set_class_names(contents.class_names)
        views.train.set_metrics(contents.steps, contents.values)
        self.show_kept(contents.sheets, contents.snapshots)
        views.status.set_checkpoint(contents.moment.step)
        self.ask_newest_sheet()
        self._session.library.preview(contents.config.data)
        if contents.fault is not None:
            self.show_notice(contents.fault)
        self._remember(contents.folder.root)

    def _remember(self, folder: Path) -> None:
        self._preferences.add_recent_run(str(folder))
        self.measure()

    # Samples

    def show_samples(self, event: SamplesDrawn) -> None:
        """Show a sheet that was just drawn."""
        cells = (event.columns, event.rows)
        self._views.train.show_sheet(event.sheet, *cells, event.step, event.branch, live=True, classes=event.classes)

    def add_sheet(self, moment: Moment) -> None:
        """Let the history slider reach one more sheet, and no longer those that the run thins out."""
        self.show_kept(joined_by(self._sheets, moment), self._snapshots)

    def add_snapshot(self, moment: Moment) -> None:
        """Let the explorer reach one more generator, and no longer those that the run thins out."""
        self.show_kept(self._sheets, joined_by(self._snapshots, moment))

    def keep_way(self, history: History, moment: Moment) -> None:
        """Let go of the sheets and generators that do not lie on the way to a moment."""
        self.show_kept(history.on_way(self._sheets, moment), history.on_way(self._snapshots, moment))

    def show_way(self, way: Way) -> None:
        """Let the sliders reach what lies on a way, and what was kept since."""
        sheets, snapshots = (later_than(kept, way.moment.step) for kept in (self._sheets, self._snapshots))
        self.show_kept((*way.sheets, *sheets), (*way.snapshots, *snapshots))

    def show_kept(self, sheets: tuple[Moment, ...], snapshots: tuple[Moment, ...]) -> None:
        """Let the sliders reach these sheets and generators."""
        self._sheets, self._snapshots = sheets, snapshots
        self._views.train.set_sheets(sheets)
        self._views.explore.set_snapshots(snapshots)

    def ask_sheet(self, moment: tuple[int, int]) -> None:
        """Ask for a past sheet."""
        place = self._session.training.state.place
        if place is not None:
            self._session.library.read_sheet(place, Moment(*moment))

    def ask_newest_sheet(self) -> None:
        """Ask for the last sheet of a run that does not train."""
        if self._sheets and not self._session.training.state.is_busy:
            self.ask_sheet(self._sheets[-1])

    def show_past_sheet(self, sheet: Sheet) -> None:
        """Show a sheet that was read."""
        rows = SHEET_COLUMNS * sheet.pixels.shape[0] // sheet.pixels.shape[1]
        branch, step = sheet.moment
        is_newest = bool(self._sheets) and sheet.moment == self._sheets[-1]
        live = is_newest and not self._session.training.state.is_busy and self._views.train.is_live
        self._views.train.show_sheet(sheet.pixels, SHEET_COLUMNS, rows, step, branch, live=live)

    # Exploring

    def show_model(self, latent_dim: int, prior: Prior, class_names: tuple[str, ...]) -> None:
        """Fit the explorer to a run."""
        self._has_model = True
        self._show_reason()
        self._views.explore.set_model(latent_dim, prior, class_names)

    def _show_reason(self) -> None:
        reason = None if self._has_model else self.tr("Start a run or open one to explore it.")
        self._views.explore.set_enabled_reason(reason)

    def follow_weights(self) -> None:
        """Ask a running run for newer weights while Explore is in front."""
        in_front = self._views.tabs.currentWidget() is self._views.explore
        running = self._session.training.state.phase is RunPhase.RUNNING
        self._session.exploring.set_following(in_front and running)
        self._views.explore.set_sparing(self._session.exploring.is_sparing)

    # Disk, recent runs

    def show_loading(self, progress: LoadingProgress) -> None:
        """Show how many pictures have been read, or how much has been downloaded."""
        if progress.is_download:
            text, unit = self.tr("Downloading pictures: {done} of {total} MiB"), 2**20
        elif progress.total:
            text, unit = self.tr("Reading pictures: {done} of {total}"), 1
        else:
            text, unit = self.tr("Looking for pictures\u2026"), 1
        done, total = grouped(progress.done // unit), grouped(progress.total // unit)
        self._views.status.set_message(text.format(done=done, total=total))

    def measure(self) -> None:
        """Ask for sizes of run, disk and memory."""
        self._session.library.measure_disk(self._session.training.state.place or Path.home())

    def show_disk(self, use: DiskUse) -> None:
        """Show sizes of run, disk and memory."""
        self._views.status.set_disk(use.run_bytes, use.free_bytes)
        self._views.status.set_memory(use.memory_bytes)

    def show_freed(self, freed: SpaceFreed) -> None:
        """Let the sliders reach only what is still there."""
        sheets = tuple(moment for moment in self._sheets if moment in freed.sheets)
        self.show_kept(sheets, tuple(moment for moment in self._snapshots if moment in freed.snapshots))
        self.measure()

    def show_devices(self, devices: tuple[tuple[str, str, int], ...]) -> None:
        """List what can train, now that the engine knows."""
        self._views.toolbar.set_devices([(name, title) for name, title, _ in devices])

    def show_recent(self, runs: tuple[RecentRun, ...]) -> None:
        """Show earlier runs on the welcome panel."""
        self._recent = runs
        step = self.tr("step {step} · {preset}")
        rows = [
            (run.path, Path(run.path).name, step.format(step=grouped(run.step), preset=run.preset), run.thumbnail)
            for run in runs
        ]
        self._views.welcome.set_recent(rows)

    # Words

    def retranslate(self) -> None:
        """Say again, in the language of the window, what views keep as words."""
        self.show_state()
        self.show_recent(self._recent)
        self._show_reason()

    def show_notice(self, message: Message) -> None:
        """Show something to know."""
        self._views.notices.show_notice(translate(message))

    def show_refusal(self, happened: Message, kept: Message, todo: Message) -> None:
        """Show an error in its three parts."""
        self._views.notices.show_error(translate(happened), translate(kept), translate(todo))

    def show_not_drawn(self, fault: NotDrawn) -> None:
        """Show why the explorer cannot draw."""
        self.show_refusal(fault.happened, fault.kept, fault.todo)

    def show_saved(self, path: str) -> None:
        """Say where a picture was saved."""
        self._views.notices.show_notice(self.tr("Saved: {path}").format(path=path))

    def show_not_read(self, kind: str, fault: NotRead) -> None:
        """Show why something could not be read; a first look at pictures that fails empties the look."""
        if kind == "preview":
            empty: NDArray[np.uint8] = np.empty((0, 32, 32, 1), np.uint8)
            self._views.setup.set_preview(empty, 0, "")
            self._views.setup.set_classes((), ())
        self.show_refusal(fault.happened, fault.kept, fault.todo)
