"""DropHint: lights up the window while something is dragged over it, and says what a drop would do."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gan_studio.ui.widgets.icons import icon

EDGE, RADIUS, PICTURE, TEXT_WIDTH = 10, 10, 48, 460
"""Pixels: distance of the frame from the edges, its rounding, side of the icon, widest line."""


@dataclass(frozen=True)
class DropAnswer:
    """What a drop would do.

    Attributes:
        headline: what happens, or that nothing can.
        line: why, or what else to do.
        picture: name of an icon.
        is_allowed: whether it may be dropped.
    """

    headline: str
    line: str = ""
    picture: str = "alert-circle-outline"
    is_allowed: bool = False


class DropHint(QWidget):
    """A veil over the whole window. It is there only while something hovers, and takes what is dropped.

    Args:
        window: what is lit up.
        ask: says what a drop of something would do.
        take: does it.
    """

    def __init__(
        self, window: QWidget, ask: Callable[[QMimeData], DropAnswer], take: Callable[[QMimeData], None]
    ) -> None:
        super().__init__(window)
        self.setObjectName("dropHint")
        self._window, self._ask, self._take = window, ask, take
        self._answer = DropAnswer("")
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is dragged over the window; what comes from the program itself is none of its business."""
        match event:
            case QDragEnterEvent():
                if event.source() is not None:
                    return False
                self._show(self._ask(event.mimeData()))
                event.acceptProposedAction()
            case QDragMoveEvent():
                event.setAccepted(self._answer.is_allowed)
            case QDragLeaveEvent():
                self.hide()
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                self.hide()
                event.acceptProposedAction()
                self._take(event.mimeData())
            case QResizeEvent():
                self.setGeometry(self._window.rect())
                return False
            case _:
                return super().eventFilter(watched, event)
        return True

    def _show(self, answer: DropAnswer) -> None:
        self._answer = answer
        self.setAccessibleName(f"{answer.headline} {answer.line}".rstrip())
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the veil, its frame, the icon and the sentences."""
        palette, painter = self.palette(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(palette.color(QPalette.ColorRole.Window))
        veil.setAlpha(235)
        painter.fillRect(self.rect(), veil)
        role = QPalette.ColorRole.Accent if self._answer.is_allowed else QPalette.ColorRole.BrightText
        painter.setPen(QPen(palette.color(role), 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE), RADIUS, RADIUS)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        palette, large = self.palette(), QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.4)
        large.setBold(True)
        width = min(TEXT_WIDTH, self.width() - 8 * EDGE)
        heights = [_height_of(self._answer.headline, large, width), _height_of(self._answer.line, self.font(), width)]
        left, top = (self.width() - width) // 2, (self.height() - PICTURE - sum(heights)) // 2 - EDGE
        height = PICTURE + sum(heights) + 2 * EDGE
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRect(left, top, width, height).adjusted(-24, -24, 24, 24), RADIUS, RADIUS)
        picture = icon(self._answer.picture, palette).pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatio())
        painter.drawPixmap(QRect((self.width() - PICTURE) // 2, top, PICTURE, PICTURE), picture)
        top += PICTURE + EDGE
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        for text, font, height in zip(
            (self._answer.headline, self._answer.line), (large, self.font()), heights, strict=True
        ):
            painter.setFont(font)
            painter.drawText(QRect(left, top, width, height), _CENTRED, text)
            top += height + EDGE


_CENTRED = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _height_of(text: str, font: QFont, width: int) -> int:
    """Return the height of a text that is wrapped at a width, in pixels."""
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _CENTRED, text).height() if text else 0
