"""The program with its window: paint first, then load the engine behind it."""

import argparse
import locale
import signal
import socket
import sys
import traceback
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from gan_studio import __version__, startup
from gan_studio.engine.control import LEAVING_SIGNALS
from gan_studio.engine.support import log as program_log
from gan_studio.engine.support.crash_marker import CrashMarker


def main(arguments: list[str] | None = None) -> int:
    """Open the window; returns the exit code.

    Args:
        arguments: "--run DIR" to open a run, or "--run FILE" to open a file of weights.
    """
    options = _options(sys.argv[1:] if arguments is None else arguments)
    program_log.begin()
    leaving = _catch_signals()
    marker = CrashMarker()
    marker.begin()
    try:
        code = _run(_application(), options.run, marker, leaving)
    except Exception:
        marker.write_trace(traceback.format_exc())
        raise
    marker.end()
    return code


def _application() -> QApplication:
    from gan_studio.ui.qt_warnings import watch_qt

    watch_qt()
    app = QApplication.instance() or QApplication(["gan-studio"])
    if not isinstance(app, QApplication):
        raise TypeError("a Qt program without windows is running already")
    app.setApplicationName("gan-studio")
    app.setApplicationDisplayName("GAN Studio")
    app.setDesktopFileName("gan-studio")
    app.setApplicationVersion(__version__)
    locale.setlocale(locale.LC_NUMERIC, "C")  # Qt sets the user's locale, in which numbers in files would be misread
    return app


def _run(app: QApplication, run: Path | None, marker: CrashMarker, leaving: socket.socket) -> int:
    from gan_studio.ui.first_paint import FirstPaint
    from gan_studio.ui.main_window import MainWindow
    from gan_studio.ui.presenters.preferences import Preferences
    from gan_studio.ui.qt_warnings import leave_qt
    from gan_studio.ui.session.studio_session import StudioSession
    from gan_studio.ui.widgets.theme import apply_theme

    preferences = Preferences()
    apply_theme(app, preferences.theme)
    session = StudioSession()
    session.program.marker = marker
    window = MainWindow(session, preferences, run)
    app.styleHints().colorSchemeChanged.connect(lambda: apply_theme(app, preferences.theme))
    notifier = _quit_on_signals(app, leaving)
    for asked in (app.commitDataRequest, app.saveStateRequest):
        asked.connect(window.save_unasked)
    FirstPaint(window).painted.connect(window.begin)
    session.library.engine_loaded.connect(startup.end)
    session.library.not_read.connect(lambda kind: startup.end() if kind == "engine" else None)
    window.show()
    code = app.exec()
    notifier.setEnabled(False)
    session.training.hurry()
    session.training.stop()
    session.end()
    window.close()
    leave_qt()
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gan-studio", description="Open the window of GAN Studio.")
    parser.add_argument("--run", type=Path, metavar="DIR|FILE", help="open this run, or this file of weights")
    return parser.parse_args(arguments)


def _catch_signals() -> socket.socket:
    """Catch the first Ctrl-C or SIGTERM, even before there is a window; a second one ends the program at once.

    Returns:
        A socket that becomes readable when a signal comes.
    """
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    _SOCKETS.extend((reader, writer))
    for number in LEAVING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored under nohup
            signal.signal(number, _on_signal)
    return reader


_SOCKETS: list[socket.socket] = []
"""The sockets that report signals, kept open as long as the program runs."""


def _on_signal(*_: object) -> None:
    for number in LEAVING_SIGNALS:
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, signal.SIG_DFL)


def _quit_on_signals(app: QApplication, leaving: socket.socket) -> QSocketNotifier:
    """Let a signal end the event loop, even while it idles or a question is open; a run in progress is saved."""
    notifier = QSocketNotifier(leaving.fileno(), QSocketNotifier.Type.Read, app)
    notifier.activated.connect(partial(_end_loop, app, notifier))  # quit() closes windows first, and they ask
    return notifier


def _end_loop(app: QApplication, notifier: QSocketNotifier, *_: object) -> None:
    notifier.setEnabled(False)
    app.exit(0)
