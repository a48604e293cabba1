"""PicturesPresenter: the pictures that the next run learns from, chosen and previewed."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.events import DataReady
from gan_studio.ui.dialogs.questions import AskFolder, AskPictureFile
from gan_studio.ui.presenters.setup import SetupPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate

MOST_NAMED = 3
"""How many unusable files a notice names at most."""


class PicturesPresenter(QObject):
    """Let a person choose pictures, and show what was found in them."""

    def __init__(self, session: StudioSession, views: Views, setup: SetupPresenter, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._setup, self._window = session, views, setup, window

    # What a person wants

    def choose_source(self, source: str) -> None:
        """Train the next run on other pictures; the set-up follows their colours and size."""
        try:
            self._setup.choose_source(source)
        except ValidationError:
            self._setup.show_config(self._session.training.state.config)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        folder = AskFolder.ask(self._window, self.tr("Choose a folder of pictures"))
        if folder is not None:
            self.choose_source(str(folder))

    def choose_file(self) -> None:
        """Ask for a file that holds pictures."""
        path = AskPictureFile.ask(self._window)
        if path is not None:
            self.choose_source(str(path))

    # What is known about the pictures

    def show_choices(self) -> None:
        """List the known data sets in the toolbar."""
        self._views.toolbar.set_sources([(known.name, known.title) for known in KNOWN_SETS.values()])

    def show_preview(self, preview: Preview) -> None:
        """Show some pictures of the chosen source, and what was counted there."""
        setup, known = self._views.setup, KNOWN_SETS.get(preview.source)
        name = translate(known.title) if known else Path(preview.source).name
        setup.set_preview(preview.images, preview.count, name, preview.sizes)
        if preview.held_out:
            trained = preview.count - (preview.held_out if preview.is_held_out_about else 0)
            setup.set_shares(trained, preview.held_out, is_about=preview.is_held_out_about)
        setup.set_classes(preview.class_names, preview.class_counts)
        setup.set_notes(preview.notes)
        setup.set_left_out(preview.left_out)
        self._setup.take_nature(preview.source, preview.nature)

    def show_not_done(self, kind: str, _fault: NotDone) -> None:
        """Empty the preview if the source cannot be read; the library presenter shows why."""
        if kind == "preview":
            empty: NDArray[np.uint8] = np.empty((0, 32, 32, 1), np.uint8)
            self._views.setup.set_preview(empty, 0, "")
            self._views.setup.set_classes((), ())
            self._views.setup.set_notes(())

    def show_data_ready(self, event: DataReady) -> None:
        """Show what the run trains on, and name the first files that could not be used."""
        setup = self._views.setup
        setup.set_shares(event.count, event.held_out)
        setup.set_classes(event.class_names, event.class_counts)
        setup.set_notes(event.notes)
        setup.set_left_out(event.left_out)
        if event.left_out:
            text = self.tr("{count} files could not be used and were left out.").format(count=len(event.left_out))
            first = ", ".join(f"{name} ({translate(reason)})" for name, reason in event.left_out[:MOST_NAMED])
            self._views.notices.show_notice(text, first)
