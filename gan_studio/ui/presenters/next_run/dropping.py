"""DropPresenter: what a drop on the window does, and why it may not."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.library.weights import is_weights
from gan_studio.engine.run.folder import is_run
from gan_studio.engine.text.message import readable
from gan_studio.ui.dialogs.questions import is_picture_file
from gan_studio.ui.frame.placing.drop_hint import DropAnswer
from gan_studio.ui.presenters.explorer import ExplorerPresenter
from gan_studio.ui.presenters.run import RunPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".ppm", ".pgm"})
"""Suffixes of single pictures, which are too few to train on."""


MOST_SHOWN = 40
"""Characters of a name; of a longer one, the beginning and the end are shown."""


class DropPresenter(QObject):
    """Take what is dropped on the window."""

    def __init__(
        self,
        session: StudioSession,
        views: Views,
        run: RunPresenter,
        explorer: ExplorerPresenter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._views, self._run, self._explorer = session, views, run, explorer

    def answer(self, dragged: QMimeData) -> DropAnswer:
        """Say what a drop would do, or why nothing can be dropped."""
        urls = dragged.urls()
        if not urls:
            return self._refusal(self.tr("Only files and folders can be dropped here"))
        if len(urls) > 1:
            advice = self.tr("Put pictures that belong together into one folder, and drop that.")
            return self._refusal(self.tr("One thing at a time, please"), advice)
        if not urls[0].isLocalFile():
            advice = self.tr("Download it first, then drop the file.")
            return self._refusal(self.tr("Only files on this computer can be dropped here"), advice)
        return self._answer_to(Path(urls[0].toLocalFile()))

    def take(self, dragged: QMimeData) -> None:
        """Do what was said. What may no longer be dropped, such as after a run began, changes nothing and says why."""
        answer = self.answer(dragged)
        if not answer.is_allowed:
            self._views.notices.show_notice(answer.headline, answer.line)
            return
        path = Path(dragged.urls()[0].toLocalFile())
        if is_weights(path):
            self._explorer.open_weights(path)
        elif path.suffix.lower() == ".toml":
            self._session.library.import_setup(path)
        else:
            self._run.open_path(str(path))

    def _answer_to(self, path: Path) -> DropAnswer:
        name, state = _shortened(path.name), self._session.training.state
        if is_run(path) or is_weights(path):
            if state.is_busy:
                return self._refusal(self.tr("Another run is training"), self.tr("Stop it first, then drop this."))
            if is_run(path):
                return DropAnswer(self.tr("Open the run {name}").format(name=name), "", "folder-open-outline", True)
            line = self.tr("They are explored without a run.")
            return DropAnswer(self.tr("Open the weights in {name}").format(name=name), line, "compass-outline", True)
        if path.suffix.lower() == ".toml" and path.is_file():
            line = self.tr("It becomes the set-up of the next run.")
            text = self.tr("Import the set-up {name}").format(name=name)
            return self._for_next_run(DropAnswer(text, line, "import", True))
        if path.is_dir() or (is_picture_file(path) and path.is_file()):
            line = self.tr("The next run learns from these pictures.")
            text = self.tr("Train on {name}").format(name=name)
            return self._for_next_run(DropAnswer(text, line, "folder-image", True))
        if path.suffix.lower() in PICTURES:
            advice = self.tr("Drop a folder or a .zip of many pictures.")
            return self._refusal(self.tr("One picture is too few to train on"), advice)
        advice = self.tr("A folder or file of pictures, a run, weights, or a set-up (.toml) can be dropped.")
        return self._refusal(self.tr("{name} cannot be opened").format(name=name), advice)

    def _for_next_run(self, answer: DropAnswer) -> DropAnswer:
        """Refuse what is for the next run while a run is open."""
        state = self._session.training.state
        if not (state.has_run or state.is_busy):
            return answer
        advice = self.tr("Choose File > New run first.")
        if state.is_busy:
            advice = self.tr("Stop it, and choose File > New run first.")
        return self._refusal(self.tr("The open run keeps its pictures and its set-up"), advice)

    def _refusal(self, headline: str, line: str = "") -> DropAnswer:
        return DropAnswer(headline, line)


def _shortened(name: str) -> str:
    half = MOST_SHOWN // 2
    shown = readable(name)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[:half]}\u2026{shown[-half:]}"
