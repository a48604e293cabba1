"""The window as a program: paint first, load the engine behind it."""

import argparse
import locale
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from gan_studio import __version__


def main(arguments: list[str] | None = None) -> int:
    """Open the window; returns the exit code.

    Args:
        arguments: "--run DIR" to open a run.
    """
    options = _options(sys.argv[1:] if arguments is None else arguments)
    if sys.platform == "win32":
        import torch  # noqa: F401  (torch >= 2.9 must be loaded before Qt there)
    app = QApplication.instance() or QApplication(["gan-studio"])
    if not isinstance(app, QApplication):
        raise TypeError("a Qt program without windows is running already")
    app.setApplicationName("gan-studio")
    app.setApplicationDisplayName("GAN Studio")
    app.setDesktopFileName("gan-studio")
    app.setApplicationVersion(__version__)
    locale.setlocale(locale.LC_NUMERIC, "C")  # Qt sets the user's, in which numbers of files would be misread
    return _run(app, options.run)


def _run(app: QApplication, run: Path | None) -> int:
    from gan_studio.ui.main_window import MainWindow
    from gan_studio.ui.preferences import Preferences
    from gan_studio.ui.session.studio_session import StudioSession
    from gan_studio.ui.theme import apply_theme

    preferences = Preferences()
    apply_theme(app, preferences.theme)
    session = StudioSession()
    window = MainWindow(session, preferences, run)
    app.styleHints().colorSchemeChanged.connect(lambda: apply_theme(app, preferences.theme))
    notifier = _quit_on_signals(app)
    window.show()
    QTimer.singleShot(0, window, window.begin)
    code = app.exec()
    notifier.setEnabled(False)
    session.training.stop()
    session.end()
    window.close()
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gan-studio", description="Open the window of GAN Studio.")
    parser.add_argument("--run", type=Path, metavar="DIR", help="open this run")
    return parser.parse_args(arguments)


def _end_loop(app: QApplication, notifier: QSocketNotifier, *_: object) -> None:
    notifier.setEnabled(False)
    app.exit(0)


def _quit_on_signals(app: QApplication) -> QSocketNotifier:
    """Let Ctrl-C and SIGTERM end the event loop, also while it idles or asks; a run at work is saved after it."""
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(partial(_end_loop, app, notifier))  # quit() would close windows first, and they ask
    notifier.sockets = (reader, writer)  # type: ignore[attr-defined]  # kept open as long as the notifier lives
    return notifier
