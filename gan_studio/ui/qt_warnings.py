"""Warnings of Qt itself, which go to the program's log; those about the program are shown as its faults."""

import re
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gan_studio.engine.support.log import Fault, faults

GRAVE = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
ENVIRONMENT = re.compile(
    r"This plugin does not support |Detected (system )?locale |(Warning: )?Ignoring (XDG|WAYLAND|QT)_"
    r"|Qt: Session management|QApplication: invalid style override|libpng warning: "
    r"|Could not (connect|find|initialize|load|open)|Failed to (connect|create|initialize|load|open)|Unable to "
    r"|(QStandardPaths|QFontDatabase|QFontconfig|QSslSocket|QXcb|QWayland|QDBus|QIBus|QGtk|QGnome|QKde|QEgl|QGlx)\w*: "
)
"""First words of warnings about the user's system: locale, desktop, display, fonts, drivers.

They are logged and not shown, and so are warnings of Qt's own categories ("qt.qpa.xcb"). What Qt says of a wrong use of
its classes begins otherwise: "QPainter::begin: ...", "QThread: ...".
"""


def watch_qt() -> None:
    """Log every warning of Qt until `leave_qt` is called; the warnings are still printed."""
    qInstallMessageHandler(_take)


def leave_qt() -> None:
    """Let Qt print its warnings itself again."""
    qInstallMessageHandler(None)


def _take(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if sys.stderr is not None:
        print(text, file=sys.stderr)
    if kind in GRAVE:
        category = context.category or "default"
        is_talk = ENVIRONMENT.match(text) is not None or (category.startswith("qt.") and kind is QtMsgType.QtWarningMsg)
        is_told = kind is not QtMsgType.QtWarningMsg or not is_talk
        faults.take(Fault(f"Qt, {category}", text.partition("\n")[0], text), is_told=is_told)
