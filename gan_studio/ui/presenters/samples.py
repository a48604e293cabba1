"""SamplesPresenter: the sample sheets of the run, newest and past."""

from PySide6.QtCore import QObject

from gan_studio.engine.events import RunOpened, SheetSaved
from gan_studio.engine.files.picture_origin import PictureOrigin, SheetOrigin
from gan_studio.engine.latent import draw_point, one_class
from gan_studio.engine.library.branches import Way
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.branches import History
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.space import SpaceFreed
from gan_studio.engine.sheet import Sheet
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


class SamplesPresenter(QObject):
    """Show the newest sheet or the one that a person asks for, and know which sheets the run keeps."""

    def __init__(self, session: StudioSession, views: Views, library: LibraryPresenter, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views, self._library = session, views, library
        self._sheets: tuple[Moment, ...] = ()

    # What a person wants

    def ask_sheet(self, moment: Moment) -> None:
        """Ask for a past sheet."""
        place = self._session.training.state.place
        if place is not None:
            self._session.library.read_sheet(place, moment)

    def ask_newest_sheet(self) -> None:
        """Ask for the newest sheet that the run keeps; a run in training shows newer ones by itself."""
        if self._sheets and not self._session.training.state.is_busy:
            self.ask_sheet(self._sheets[-1])

    def save_sheet(self) -> None:
        """Save the sheet that is shown as a picture."""
        sheet = self._views.train.shown_sheet
        if sheet is None:
            return
        model = self._session.training.state.config.model
        origin = SheetOrigin(
            run=self._library.run_folder,
            branch=sheet.moment.branch,
            step=sheet.moment.step,
            name=self._library.run_name,
            columns=sheet.columns,
            rows=sheet.rows,
            latent_dim=model.latent_dim,
            prior=model.prior,
            classes=self._views.train.classes,
            class_count=self._views.train.class_count,
        )
        last = sheet.columns * sheet.rows - 1
        of_what = self.tr("seeds 0 to {last}").format(last=last)
        self._library.save_picture(sheet.pixels, origin, of_what, (sheet.columns, sheet.rows))

    def save_sample(self, seed: int) -> None:
        """Save one sample of the sheet that is shown."""
        sheet, train = self._views.train.shown_sheet, self._views.train
        if sheet is None:
            return
        model, chosen = self._session.training.state.config.model, train.class_of_sample(seed)
        blend = () if chosen is None else one_class(train.class_count, chosen)
        point = draw_point(seed, model.latent_dim, model.prior).with_blend(blend)
        origin = PictureOrigin.of(self._library.run_folder, sheet.moment, point, seed, self._library.run_name)
        self._library.save_picture(sheet.cell(seed), origin, self.tr("seed {seed}").format(seed=seed))

    # What the session reports

    def show_state(self) -> None:
        """Offer a new sheet only while there is a generator in training."""
        can_sample = self._session.training.state.can_sample
        self._views.actions["sampleNowAction"].setEnabled(can_sample)
        self._views.train.set_sample_now_enabled(can_sample)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet that was just drawn."""
        self._views.train.show_sheet(sheet, live=True)

    def show_past_sheet(self, sheet: Sheet) -> None:
        """Show a sheet that was read from disk."""
        train = self._views.train
        is_newest = sheet.moment in self._sheets[-1:]
        train.show_sheet(sheet, live=is_newest and not self._session.training.state.is_busy and train.is_live)

    def show_run_opened(self, event: RunOpened) -> None:
        """Name the classes of the run that begins or resumes."""
        self._views.train.set_class_names(event.class_names)

    def show_contents(self, contents: RunContents) -> None:
        """Show the newest sheet of a run that was opened from disk."""
        self._views.train.set_class_names(contents.class_names)
        self._keep(contents.sheets)
        self.ask_newest_sheet()

    # Which sheets the run keeps

    def clear(self) -> None:
        """Forget the sheets: another run begins."""
        self._keep(())

    def add_sheet(self, saved: SheetSaved) -> None:
        """Add a sheet to the history slider, and remove those that the run deleted in exchange."""
        self._keep(tuple(sorted({*self._sheets, saved.moment}.difference(saved.removed))))

    def keep_way(self, history: History, moment: Moment) -> None:
        """Keep only the sheets on the path to a moment."""
        self._keep(history.on_way(self._sheets, moment))

    def show_way(self, way: Way) -> None:
        """Show the sheets on a path that was read; keep those that were saved since."""
        self._keep((*way.sheets, *(moment for moment in self._sheets if moment.step > way.moment.step)))

    def show_freed(self, freed: SpaceFreed) -> None:
        """Remove the sheets that were deleted to free space."""
        self._keep(tuple(moment for moment in self._sheets if moment in freed.sheets))

    def _keep(self, sheets: tuple[Moment, ...]) -> None:
        self._sheets = sheets
        self._views.train.set_sheets(sheets)
