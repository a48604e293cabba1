"""ExplorerPresenter: which generator the Explore tab draws with, and the snapshots on the time slider."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.events import RunPhase, SavingFailed, SnapshotSaved
from gan_studio.engine.exchange.weights import Weights
from gan_studio.engine.files.picture_origin import PictureOrigin
from gan_studio.engine.latent import Prior
from gan_studio.engine.library.branches import Way
from gan_studio.engine.library.weights import WeightsRead
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.space import SpaceFreed
from gan_studio.engine.text.message import Message, readable
from gan_studio.ui.dialogs.questions import AskWeights
from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.explorer.point_history import VisitedPoint
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.next_run.origin import OriginPresenter
from gan_studio.ui.presenters.run import RunPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

WEIGHTS, OPENING = "weights", "weights-opening"
"""Topics of the notices about a file of weights that is explored, and about one that is being opened."""
MOST_NAMED = 3
"""How many tensors that were left a notice names at most, each with its reason."""


class ExplorerPresenter(QObject):
    """Adapt the Explore tab to the open run, and list the snapshots of that run."""

    def __init__(
        self,
        session: StudioSession,
        views: Views,
        library: LibraryPresenter,
        origin: OriginPresenter,
        run: RunPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._views, self._window = session, views, window
        self._library, self._origin, self._run = library, origin, run
        self._snapshots: tuple[Moment, ...] = ()
        self._has_model = False
        self._awaited: Moment | None = None
        self._file = ""

    # What a person wants

    def open_sample(self, seed: int) -> None:
        """Explore a sample of the sheet that is shown, with the generator that drew it."""
        sheet = self._views.train.shown_sheet
        self._views.tabs.setCurrentWidget(self._views.explore)
        self._views.explore.open_sample(seed, self._views.train.class_of_sample(seed))
        if sheet is not None:
            self._choose_generator(sheet.moment)

    def _choose_generator(self, wanted: Moment) -> None:
        """Draw with the generator of a moment; if it was not saved, with the nearest one, and say so."""
        training = self._session.training
        now = training.state.moment
        is_resting = training.state.phase is not RunPhase.RUNNING
        self._awaited = None
        if wanted in self._snapshots:
            self._views.explore.choose_source(wanted)
        elif wanted == now and is_resting:
            self._views.explore.choose_source(None)
            training.publish_weights()  # a step that was done in a pause is not published by itself
        elif not is_resting and all(moment.step < wanted.step for moment in self._snapshots):
            self._awaited = wanted  # its snapshot is being written
        else:
            self._choose_nearest(wanted, now)

    def _choose_nearest(self, wanted: Moment, now: Moment) -> None:
        """Draw with the nearest generator of the same branch, or of another if it has none, and say which."""
        nearest = min((*self._snapshots, now), key=lambda at: (at.branch != wanted.branch, abs(at.step - wanted.step)))
        self._views.explore.choose_source(nearest if nearest in self._snapshots else None)
        text = self.tr("No generator of step {step} was saved. Explore draws with the current one instead.")
        if nearest.branch != wanted.branch:
            text = self.tr(
                "No generator of step {step} of branch {branch} was saved. Explore draws with step {nearest} of branch"
                " {other}."
            )
        elif nearest in self._snapshots:
            text = self.tr(
                "No generator of step {step} was saved. Explore draws with the nearest one, of step {nearest}."
            )
        steps = {"step": grouped(wanted.step), "nearest": grouped(nearest.step)}
        self._views.notices.show_notice(text.format(**steps, branch=wanted.branch, other=nearest.branch))

    def save_picture(self, shown: ExploredPicture) -> None:
        """Save a picture of the explorer."""
        place = shown.place
        run, name = self._library.run_folder or readable(self._file), self._library.run_name
        seed = place.sample_seed if place.is_sample else None
        origin = PictureOrigin.of(run, shown.moment, place.point, seed, name)
        self._library.save_picture(shown.pixels, origin, self._of_what(place))

    def _of_what(self, place: VisitedPoint) -> str:
        """Name a point for a file name."""
        if place.sample_seed is None:
            return "" if any(place.point.values) else self.tr("mean")
        text = self.tr("seed {seed}") if place.is_sample else self.tr("near seed {seed}")
        return text.format(seed=place.sample_seed)

    def choose_weights(self) -> None:
        """Ask for a file of weights, and open it."""
        path = AskWeights.ask(self._window)
        if path is not None:
            self.open_weights(path)

    def open_weights(self, path: Path) -> None:
        """Open a file of weights; one of torch.save is converted first."""
        self._views.notices.show_notice(self.tr("Opening {name}…").format(name=path.name), topic=OPENING)
        self._session.open_weights(path)

    # What the session reports

    def show_weights(self, read: WeightsRead) -> None:
        """Explore a file of weights in place of a run, and say what was assumed and what was left of it."""
        weights = read.weights
        if self._session.training.state.has_run:
            self._run.new_run()
        self._keep(())
        self._session.exploring.open_weights(weights)
        self._file = weights.path.stem
        self._views.explore.set_file(weights.path.name)
        self._views.tabs.setCurrentWidget(self._views.explore)
        text = self.tr("Exploring the weights in {name}, without a run.").format(name=read.source.name)
        button = NoticeButton(self.tr("Fine-tune from it"), partial(self._fine_tune, weights))
        self._views.notices.withdraw(OPENING)
        self._views.notices.show_standing(text, self._told_of(read), button=button, topic=WEIGHTS)

    def _told_of(self, read: WeightsRead) -> str:
        """Write where a converted file is, and what was changed, assumed and left."""
        lines = [translate(note) for note in read.weights.notes]
        if read.weights.path != read.source:
            text = self.tr("Converted to {path}") if read.is_new else self.tr("Converted before, to {path}")
            lines.insert(0, text.format(path=read.weights.path))
        return "\n".join((*lines, *self._left_lines(read.weights.left)))

    def _left_lines(self, left: Mapping[str, Message]) -> Iterator[str]:
        """Name the first tensors that are part of no network, and why; count the others."""
        for name, reason in islice(left.items(), MOST_NAMED):
            yield self.tr("Not used: {name}: {reason}").format(name=name, reason=translate(reason))
        if len(left) > MOST_NAMED:
            yield self.tr("Not used: {count} more tensors").format(count=grouped(len(left) - MOST_NAMED))

    def _fine_tune(self, weights: Weights) -> None:
        self._origin.take(weights)
        self._views.tabs.setCurrentWidget(self._views.train)

    def show_not_opened(self, kind: str, _fault: NotDone) -> None:
        """Take back the notice that a file of weights is being opened, because it could not be."""
        if kind == "weights":
            self.show_given_up()

    def show_given_up(self) -> None:
        """Take back the notice that a file of weights is being opened, because it no longer is."""
        self._views.notices.withdraw(OPENING)

    def show_model(self, latent_dim: int, prior: Prior, class_names: tuple[str, ...]) -> None:
        """Fit the sliders and the classes to the generator of a run."""
        self._has_model = True
        self.retranslate()
        self._views.explore.set_model(latent_dim, prior, class_names)

    def follow_weights(self) -> None:
        """Ask a run in training for newer weights while the Explore tab is in front."""
        is_in_front = self._views.tabs.currentWidget() is self._views.explore
        is_running = self._session.training.state.phase is RunPhase.RUNNING
        self._session.exploring.set_following(is_in_front and is_running)
        self._views.explore.set_sparing(self._session.exploring.is_sparing)

    def show_not_done(self, fault: NotDone) -> None:
        """Show why no picture can be drawn."""
        self._views.notices.show_fault(fault)

    def show_contents(self, contents: RunContents) -> None:
        """Show the snapshots of a run that was opened from disk."""
        self._keep(contents.snapshots)

    def retranslate(self) -> None:
        """Show, in the language of the window, why there is nothing to explore."""
        reason = None if self._has_model else self.tr("Start a run, or open a run or a file of weights, to explore it.")
        self._views.explore.set_enabled_reason(reason)

    # Which snapshots the run keeps

    def clear(self) -> None:
        """Forget the snapshots of the last run or file of weights, and its generator too if no other run is open."""
        self._views.notices.withdraw(WEIGHTS)
        self._awaited = None
        self._views.explore.choose_source(None)
        self._keep(())
        self._has_model = self._has_model and self._session.training.state.has_run
        self.retranslate()

    def stop_waiting(self, _failed: SavingFailed) -> None:
        """Draw with the nearest generator if the awaited one could not be saved."""
        if self._awaited is not None:
            self._choose_nearest(self._awaited, self._session.training.state.moment)
            self._awaited = None

    def add_snapshot(self, saved: SnapshotSaved) -> None:
        """Add a snapshot to the time slider, and remove those that the run deleted in exchange."""
        self._keep(tuple(sorted({*self._snapshots, saved.moment}.difference(saved.removed))))
        if saved.moment == self._awaited:
            self._awaited = None
            self._views.explore.choose_source(saved.moment)

    def keep_way(self, history: History, moment: Moment) -> None:
        """Keep only the snapshots on the path to a moment."""
        self._keep(history.on_way(self._snapshots, moment))

    def show_way(self, way: Way) -> None:
        """Show the snapshots on a path that was read; keep those that were saved since."""
        self._keep((*way.snapshots, *(moment for moment in self._snapshots if moment.step > way.moment.step)))

    def show_freed(self, freed: SpaceFreed) -> None:
        """Remove the snapshots that were deleted to free space."""
        self._keep(tuple(moment for moment in self._snapshots if moment in freed.snapshots))

    def _keep(self, snapshots: tuple[Moment, ...]) -> None:
        self._snapshots = snapshots
        self._views.explore.set_snapshots(snapshots)
