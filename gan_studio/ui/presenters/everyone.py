"""Presenters: one presenter for each area of the window."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gan_studio.ui.presenters.branches import BranchesPresenter
from gan_studio.ui.presenters.explorer import ExplorerPresenter
from gan_studio.ui.presenters.faults import FaultPresenter
from gan_studio.ui.presenters.leaving import LeavingPresenter
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.next_run.before_start import BeforeStartPresenter
from gan_studio.ui.presenters.next_run.dropping import DropPresenter
from gan_studio.ui.presenters.next_run.origin import OriginPresenter
from gan_studio.ui.presenters.next_run.pictures import PicturesPresenter
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.plots import PlotsPresenter
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.program import ProgramPresenter
from gan_studio.ui.presenters.run import RunPresenter
from gan_studio.ui.presenters.runs.earlier import EarlierRunsPresenter
from gan_studio.ui.presenters.runs.moments import MomentsPresenter
from gan_studio.ui.presenters.runs.transport import TransportPresenter
from gan_studio.ui.presenters.samples import SamplesPresenter
from gan_studio.ui.presenters.space import SpacePresenter
from gan_studio.ui.presenters.speed import SpeedPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


@dataclass(frozen=True)
class Presenters:
    """One presenter for each area of the window."""

    setup: SetupPresenter
    origin: OriginPresenter
    pictures: PicturesPresenter
    before_start: BeforeStartPresenter
    speed: SpeedPresenter
    library: LibraryPresenter
    earlier: EarlierRunsPresenter
    moments: MomentsPresenter
    transport: TransportPresenter
    run: RunPresenter
    samples: SamplesPresenter
    explorer: ExplorerPresenter
    space: SpacePresenter
    faults: FaultPresenter
    branches: BranchesPresenter
    plots: PlotsPresenter
    program: ProgramPresenter
    leaving: LeavingPresenter
    dropping: DropPresenter

    @classmethod
    def make(cls, session: StudioSession, views: Views, preferences: Preferences, window: QWidget) -> "Presenters":
        """Make every presenter, and give each one the presenters that it uses."""
        setup = SetupPresenter(session, views, preferences, window)
        origin = OriginPresenter(session, views, setup, window)
        pictures = PicturesPresenter(session, views, setup, window)
        library = LibraryPresenter(session, views, preferences, window)
        earlier = EarlierRunsPresenter(session, views, preferences, window)
        run = RunPresenter(session, views, setup, pictures, library, earlier, window)
        moments = MomentsPresenter(session, views, window)
        samples = SamplesPresenter(session, views, library, window)
        explorer = ExplorerPresenter(session, views, library, origin, run, window)
        return cls(
            setup=setup,
            origin=origin,
            pictures=pictures,
            before_start=BeforeStartPresenter(session, views, preferences, setup, window),
            speed=SpeedPresenter(session, views, preferences, window),
            library=library,
            earlier=earlier,
            moments=moments,
            transport=TransportPresenter(session, views, window),
            run=run,
            samples=samples,
            explorer=explorer,
            space=SpacePresenter(session, views, window),
            faults=FaultPresenter(session, views, run, window),
            branches=BranchesPresenter(session, views, samples, explorer, moments, window),
            plots=PlotsPresenter(session, views, preferences, library, window),
            program=ProgramPresenter(session, views, preferences, window),
            leaving=LeavingPresenter(session, views, window),
            dropping=DropPresenter(session, views, run, explorer, window),
        )

    def retranslate(self) -> None:
        """Write the texts of presenters in the language of the window; faults after the run, as in `connect_all`."""
        self.run.show_state()
        self.transport.show()
        self.earlier.retranslate()
        self.explorer.retranslate()
        self.setup.show_presets()
        self.before_start.show_state()
        self.faults.retranslate()
