"""OriginPresenter: which run or weights the next run fine-tunes from."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.exchange.weights import Weights
from gan_studio.engine.run.folder import is_run
from gan_studio.ui.dialogs.questions import AskOrigin
from gan_studio.ui.frame.notices import NoticeButton
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


class OriginPresenter(QObject):
    """Choose the weights that the next run starts from, and offer the networks that they belong to."""

    def __init__(self, session: StudioSession, views: Views, setup: SetupPresenter, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._views, self._setup, self._window = session, views, setup, window

    def choose(self) -> None:
        """Ask which run or weights the next run fine-tunes from."""
        origin = AskOrigin.ask(self._window)
        if origin is None:
            return
        self._session.training.set_fine_tune(origin)
        text = self.tr("The next run starts from the weights of {name}.").format(name=origin.name)
        detail = self.tr("Weights are taken wherever name and shape match; the others start at random.")
        button = NoticeButton(self.tr("Use its network settings"), self._read_networks)
        self._views.notices.show_notice(text, detail, button if is_run(origin) else None)

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

    def _read_networks(self) -> None:
        origin = self._session.training.terms.fine_tune
        if origin is not None:
            self._session.library.import_networks(origin / "run.toml")
