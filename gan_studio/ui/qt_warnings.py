"""Warnings of Qt itself, which go to the log of the program like every other fault."""

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gan_studio.engine.support.log import Fault, faults

GRAVE = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
PLATFORM_TALK = ("This plugin does not support ",)
"""First words of warnings about the desktop, not the program: these warnings are logged, but not shown."""


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
        is_talk = text.startswith(PLATFORM_TALK) or (category.startswith("qt.") and kind is QtMsgType.QtWarningMsg)
        faults.take(Fault(f"Qt, {category}", text.partition("\n")[0], text), is_told=not is_talk)
