"""PicturesPresenter: the pictures that the next run learns from, chosen and previewed."""

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.data.questions import is_gone
from gan_studio.engine.events import DataReady
from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.text.message import Message, readable
from gan_studio.ui.dialogs.questions import AskFolder, AskPictureFile, is_picture_file
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.translate import translate

MOST_NAMED = 3
"""How many unusable files a notice names at most."""
PICTURES_REFUSED = "pictures-refused"
"""Topic of the notice about pictures that cannot be used."""


class PicturesPresenter(QObject):
    """Let a person choose pictures, and show what was found in them."""

    def __init__(self, session: StudioSession, views: Views, setup: SetupPresenter, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._setup, self._window = session, views, setup, window
        self._usable: DataConfig | None = None

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
            self.choose_source(text_of(folder))

    def choose_file(self) -> None:
        """Ask for a file that holds pictures."""
        path = AskPictureFile.ask(self._window)
        if path is not None:
            self.choose_source(text_of(path))

    def choose_place(self) -> bool:
        """Ask where the pictures of the open run are now; returns whether a place was chosen."""
        remembered = self._session.training.state.config.data
        if is_picture_file(path_of(remembered.source)):
            path = AskPictureFile.ask(self._window)
        else:
            path = AskFolder.ask(self._window, self.tr("Where are the pictures of this run now?"))
        if path is None:
            return False
        self._session.training.set_pictures_place(text_of(path))
        self._session.library.preview(remembered.model_copy(update={"source": text_of(path)}))
        return True

    # What is known about the pictures

    def show_choices(self) -> None:
        """List the known data sets in the toolbar."""
        self._views.toolbar.set_sources([(known.name, known.title) for known in KNOWN_SETS.values()])

    def show_preview(self, preview: Preview) -> None:
        """Show some pictures of the chosen source, and what was counted there."""
        setup, state = self._views.setup, self._session.training.state
        if not state.has_run and preview.source == state.config.data.source:
            self._usable = state.config.data
        setup.set_preview(preview.images, preview.count, name_of(preview.source), preview.sizes)
        if preview.held_out:
            trained = preview.count - (preview.held_out if preview.is_held_out_about else 0)
            setup.set_shares(trained, preview.held_out, is_about=preview.is_held_out_about)
        setup.set_classes(preview.class_names, preview.class_counts)
        setup.set_notes(preview.notes)
        setup.set_left_out(preview.left_out)
        self._setup.take_nature(preview.source, preview.nature)

    def show_not_done(self, kind: str, fault: NotDone) -> None:
        """Show why pictures cannot be used; the next run keeps its former ones, an open run asks for their place."""
        if kind != "preview":
            return
        empty: NDArray[np.uint8] = np.empty((0, 32, 32, 1), np.uint8)
        self._views.setup.set_preview(empty, 0, "")
        self._views.setup.set_classes((), ())
        self._views.setup.set_notes(())
        state = self._session.training.state
        if state.has_run:
            self._show_gone(fault)
        elif self._usable is None or self._usable.source == state.config.data.source:
            self._views.notices.show_fault(fault, topic=PICTURES_REFUSED)
        else:
            self._keep_usable(self._usable, fault)

    def _keep_usable(self, usable: DataConfig, fault: NotDone) -> None:
        """Select the last pictures again that could be used, with their settings, and tell."""
        kept = self.tr("{name} is still selected.").format(name=name_of(usable.source))
        self._setup.show_and_set_up(self._session.training.state.config.model_copy(update={"data": usable}))
        self._views.notices.show_error(translate(fault.happened), kept, translate(fault.todo), topic=PICTURES_REFUSED)

    def _show_gone(self, fault: NotDone) -> None:
        """Show that the pictures of the open run cannot be read, and offer to name their place."""
        button = None
        if is_gone(self._session.training.state.config, fault.happened):
            fault = self._fault_of_place(fault.happened)
            button = NoticeButton(self.place_text(), self._choose_place)
        self._views.notices.show_fault(fault, button=button, topic=PICTURES_REFUSED)

    def _fault_of_place(self, reason: Message) -> NotDone:
        """Say that pictures are not where the run, or where a person says; Start does not look there again."""
        training = self._session.training
        if training.terms.place is None and training.terms.data is None:
            happened, todo = Message("data.moved", reason=reason), Message("todo.choose_place")
        else:
            happened, todo = reason, Message("todo.choose_other_place")
            training.set_pictures_place(None)
        return NotDone(happened, Message("kept.file_untouched"), todo)

    def _choose_place(self) -> None:
        self.choose_place()

    def place_text(self) -> str:
        """Name the button that asks where the pictures of the open run are now."""
        return self.tr("Choose where the pictures are now…")

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


def name_of(source: str) -> str:
    """Name a source as the window shows it."""
    known = KNOWN_SETS.get(source)
    return translate(known.title) if known else readable(path_of(source).name)
