"""Open the real window, train a real run, and write docs/images/*.png.

    python docs/make_screenshots.py [--steps 1500] [--own-steps 600]

Nothing in the screenshots is staged: the runs train on the starter pictures, in a temporary folder. For a person's own
pictures, 300 starter emoji are written as files into a folder and dropped on the window.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QMimeData, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QTabWidget, QWidget

from gan_studio.resources import resource
from gan_studio.ui.main_window import MainWindow
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.theme import Theme, apply_theme

IMAGES = Path(__file__).parent / "images"
SIZE = QSize(1280, 800)
PATIENCE_SECONDS = 900


class Photographer:
    """The real window, and what takes screenshots of it."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.session = StudioSession()
        self.window = MainWindow(self.session, Preferences())
        self.window.resize(SIZE)
        self.window.show()
        self.window.begin()

    def wait_until(self, claim: Callable[[], bool]) -> None:
        """Run the event loop until a claim holds; exit the program if it never does."""
        loop, deadline = QEventLoop(), time.monotonic() + PATIENCE_SECONDS
        timer = QTimer()
        timer.timeout.connect(lambda: loop.quit() if claim() or time.monotonic() > deadline else None)
        timer.start(50)
        loop.exec()
        if not claim():
            sys.exit("what the screenshot should show never happened")

    def rest(self, seconds: float) -> None:
        """Run the event loop for so many seconds."""
        end = time.monotonic() + seconds
        self.wait_until(lambda: time.monotonic() > end)

    def take(self, name: str) -> None:
        """Write docs/images/NAME.png."""
        self.rest(1.0)
        self.window.grab().save(str(IMAGES / f"{name}.png"))
        print(f"docs/images/{name}.png")

    def theme(self, theme: Theme) -> None:
        """Switch the window to a theme."""
        apply_theme(self._app, theme)

    def trigger(self, action: str) -> None:
        """Trigger an action by its object name."""
        self.window.views.actions[action].trigger()

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        tabs = self.window.findChild(QTabWidget, "tabs")
        page = self.window.findChild(QWidget, name)
        if tabs is None or page is None:
            raise LookupError(name)
        tabs.setCurrentWidget(page)

    def drop(self, path: Path) -> None:
        """Drop a file or folder on the window."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.window.dropEvent(QDropEvent(QPointF(600, 400), Qt.DropAction.CopyAction, mime, left, no_key))

    def close(self) -> None:
        """End the run, the window and the threads."""
        self.session.training.abandon()
        self.session.training.wait()
        self.window.close()
        self.session.end()


def photograph(camera: Photographer, steps: int) -> None:
    """Take every screenshot, in the order in which a newcomer sees the window."""
    training, views = camera.session.training, camera.window.views
    camera.rest(6.0)
    camera.theme("light")
    camera.take("welcome-light")
    camera.trigger("startAction")
    camera.wait_until(lambda: training.state.step >= steps)
    camera.take("train-light")
    camera.theme("dark")
    camera.take("train-dark")
    camera.trigger("pauseAction")
    camera.wait_until(lambda: training.state.can_step)
    camera.theme("light")
    camera.take("train-paused-light")
    camera.theme("dark")
    camera.take("train-paused-dark")
    camera.show_tab("exploreTab")
    camera.wait_until(lambda: camera.window.findChild(QSlider, "latentSlider99") is not None)
    camera.wait_until(lambda: views.explore.picture is not None)
    camera.take("explore-dark")
    camera.theme("light")
    camera.take("explore-light")
    camera.trigger("stopAction")
    camera.wait_until(lambda: not training.state.is_busy and training.thread_in_hand is None)


def photograph_own_pictures(camera: Photographer, folder: Path, steps: int) -> None:
    """Take the first minutes of a person who brings a folder of pictures."""
    training, views = camera.session.training, camera.window.views
    write_emoji(folder)
    camera.trigger("newRunAction")
    camera.show_tab("trainTab")
    camera.drop(folder)
    facts = camera.window.findChild(QLabel, "picturesFacts")
    camera.wait_until(lambda: facts is not None and "compared" in facts.text())
    camera.take("own-pictures-light")
    camera.theme("dark")
    camera.take("own-pictures-dark")
    camera.theme("light")
    views.pictures.preset_wanted.emit()
    views.pictures.start_wanted.emit()
    camera.wait_until(lambda: training.state.step >= steps)
    camera.take("own-pictures-training-light")


def write_emoji(folder: Path, count: int = 300) -> None:
    """Write starter emoji, spread over the set, as PNG files."""
    folder.mkdir()
    with np.load(resource("starter", "emoji", "train.npz")) as arrays:
        images = arrays["images"]
    for number, index in enumerate(np.linspace(0, len(images) - 1, count).astype(int)):
        Image.fromarray(images[index]).save(folder / f"{number:03}.png")


def main() -> None:
    """Take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1500, help="steps to train before the first screenshot of a run")
    parser.add_argument("--own-steps", type=int, default=600, help="the same for a person's own pictures")
    options = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GAN_STUDIO_RUNS"] = str(Path(folder) / "runs")
        os.environ["XDG_CONFIG_HOME"] = folder
        app = QApplication(["gan-studio"])
        app.setApplicationDisplayName("GAN Studio")
        apply_theme(app, "light")
        camera = Photographer(app)
        try:
            photograph(camera, options.steps)
            photograph_own_pictures(camera, Path(folder) / "emoji", options.own_steps)
        finally:
            camera.close()


if __name__ == "__main__":
    main()
