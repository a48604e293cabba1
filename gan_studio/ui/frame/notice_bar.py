"""NoticeBar: notices at the top of the window. Info notices fade; errors stay until they are dismissed."""

from PySide6.QtCore import QEasingCurve, QEvent, QPropertyAnimation, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QEnterEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.ui.frame.notices import Notice, NoticeButton, NoticeQueue, ThreeParts
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.theme import blend
from gan_studio.ui.widgets.translate import translate

SECONDS_SHOWN = 7.0
FADE_MS = 350
STRIPE = 4


class NoticeBar(Retranslating, QFrame):
    """Shows one notice at a time, errors before info notices. Hidden while there is none.

    Args:
        seconds_shown: how long an info notice stays before it fades.
    """

    def __init__(self, parent: QWidget | None = None, seconds_shown: float = SECONDS_SHOWN) -> None:
        super().__init__(parent)
        self._notices = NoticeQueue()
        self._picture = QLabel()
        self._headline = QLabel()
        self._lines = QLabel()
        self._counter = QLabel()
        self._button = QPushButton()
        self._other = QPushButton()
        self._copy = QPushButton()
        self._close = QToolButton()
        self._effect = QGraphicsOpacityEffect(self)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._timer = QTimer(self)
        self._timer.setInterval(round(seconds_shown * 1000))
        self._build()
        self._connect()
        self.hide()
        self.retranslate()

    def show_notice(self, text: str, detail: str = "", button: NoticeButton | None = None, topic: str = "") -> None:
        """Show an info notice, which fades after some seconds unless the mouse is over it."""
        self._add(Notice(text, (detail,) if detail else (), button=button, topic=topic))

    def show_error(
        self,
        happened: str,
        kept: str,
        todo: str,
        details: str = "",
        button: NoticeButton | None = None,
        topic: str = "",
        other: NoticeButton | None = None,
    ) -> None:
        """Show an error: it stays until it is dismissed, withdrawn, or replaced by a newer notice of its topic.

        Args:
            happened: what went wrong.
            kept: what is safe.
            todo: what to do next.
            details: text for a bug report; only copied.
            button: what a person can do about it right here.
            topic: what the notice is about.
            other: what else a person can do.
        """
        lines = tuple(line for line in (kept, todo) if line)
        self._add(Notice(happened, lines, details, button, other, is_error=True, topic=topic))

    def show_fault(
        self,
        fault: ThreeParts,
        details: str = "",
        button: NoticeButton | None = None,
        topic: str = "",
        remark: str = "",
        other: NoticeButton | None = None,
    ) -> None:
        """Show an error of the engine in the language of the window; `remark` is added to what happened."""
        happened = f"{translate(fault.happened)} {remark}".rstrip()
        self.show_error(happened, translate(fault.kept), translate(fault.todo), details, button, topic, other)

    def show_standing(self, text: str, *lines: str, topic: str, button: NoticeButton | None = None) -> None:
        """Show a notice of a lasting state until it is dismissed or withdrawn; all other notices come before it."""
        self._add(Notice(text, tuple(filter(None, lines)), button=button, is_standing=True, topic=topic))

    def holds(self, topic: str) -> bool:
        """Return whether a notice about a topic is shown or waits."""
        return self._notices.holds(topic)

    def withdraw(self, topic: str) -> None:
        """Remove the notice about a topic, if there is one, because it is no longer true."""
        shown = self._notices.first
        self._notices.drop(topic)
        if self._notices.first is not shown:
            self._show_first()
        else:
            self._count()

    def dismiss(self) -> None:
        """Remove the notice that is shown; the next one follows."""
        self._notices.drop_first()
        self._show_first()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Notice"))
        self._copy.setText(self.tr("Copy details"))
        self._copy.setAccessibleName(self.tr("Copy details"))
        self._copy.setToolTip(self.tr("Copy the whole notice, with its technical details, to the clipboard."))
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.setToolTip(self.tr("Dismiss this notice (Escape)."))
        waiting = len(self._notices) - 1
        self._counter.setText(self.tr("1 of {count}").format(count=waiting + 1))
        self._counter.setToolTip(self.tr("More notices are waiting: {count}.").format(count=waiting))

    def follow_palette(self) -> None:
        """Draw the icons in the colours of the theme."""
        self._draw_icons()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keep the notice while the mouse is over it."""
        super().enterEvent(event)
        self._hold()

    def leaveEvent(self, event: QEvent) -> None:
        """Let the notice fade again."""
        super().leaveEvent(event)
        self._restart()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Dismiss on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tinted background, the stripe at its left and a hairline below."""
        painter, palette = QPainter(self), self.palette()
        tint = palette.color(QPalette.ColorRole.BrightText if self._is_error() else QPalette.ColorRole.Accent)
        window = palette.color(QPalette.ColorRole.Window)
        painter.fillRect(self.rect(), blend(tint, window, 0.12))
        painter.fillRect(QRect(0, 0, STRIPE, self.height()), tint)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), blend(tint, window, 0.4))

    def _add(self, notice: Notice) -> None:
        shown = self._notices.first
        self._notices.add(notice)
        first = self._notices.first
        if first is notice and shown is not None and notice.has_turn_of(shown):
            self._fill(notice)
            self._restart()
        elif first is not shown:
            self._show_first()
        else:
            self._count()

    def _show_first(self) -> None:
        self._hold()
        notice = self._notices.first
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._fill(notice)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._restart()

    def _fill(self, notice: Notice) -> None:
        """Show the parts of a notice."""
        self._headline.setText(notice.headline)
        self._lines.setText("\n".join(notice.lines))
        self._lines.setVisible(bool(notice.lines))
        for widget, button in ((self._button, notice.button), (self._other, notice.other)):
            words = button.text if button is not None else ""
            widget.setText(words)
            widget.setAccessibleName(words)
            widget.setToolTip(words)
            widget.setVisible(button is not None)
        self._copy.setVisible(notice.is_error)
        self._count()
        self._draw_icons()
        self.update()

    def _count(self) -> None:
        self._counter.setVisible(len(self._notices) > 1)
        self.retranslate()

    def _hold(self) -> None:
        self._timer.stop()
        self._fade.stop()
        self._effect.setEnabled(False)

    def _restart(self) -> None:
        self._hold()
        notice = self._notices.first
        if notice is not None and not notice.stays and not self.underMouse():
            self._timer.start()

    def _begin_to_fade(self) -> None:
        focus = self.focusWidget()
        if focus is not None and focus.hasFocus():
            self._restart()
            return
        self._effect.setEnabled(True)
        self._fade.start()

    def _copy_details(self) -> None:
        if notice := self._notices.first:
            QGuiApplication.clipboard().setText(notice.whole_text)

    def _is_error(self) -> bool:
        notice = self._notices.first
        return notice is not None and notice.is_error

    def _draw_icons(self) -> None:
        name = "alert-circle-outline" if self._is_error() else "information-outline"
        self._picture.setPixmap(icon(name, self.palette()).pixmap(QSize(20, 20), self.devicePixelRatio()))
        self._close.setIcon(icon("close", self.palette()))

    def _connect(self) -> None:
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._begin_to_fade)
        self._fade.finished.connect(self.dismiss)
        self._close.clicked.connect(self.dismiss)
        self._copy.clicked.connect(self._copy_details)
        self._button.clicked.connect(lambda: self._press(0))
        self._other.clicked.connect(lambda: self._press(1))

    def _press(self, number: int) -> None:
        notice = self._notices.first
        button = (notice.button, notice.other)[number] if notice is not None else None
        if button is not None:
            self.dismiss()
            button.press()

    def _build(self) -> None:
        self.setObjectName("noticeBar")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._effect.setEnabled(False)
        self.setGraphicsEffect(self._effect)
        self._fade.setDuration(FADE_MS)
        self._fade.setStartValue(1.0)
        self._fade.setEndValue(0.0)
        self._fade.setEasingCurve(QEasingCurve.Type.InQuad)
        self._headline.setObjectName("noticeHeadline")
        self._lines.setObjectName("noticeLines")
        self._counter.setObjectName("noticeCounter")
        self._button.setObjectName("noticeActionButton")
        self._other.setObjectName("noticeOtherButton")
        self._copy.setObjectName("noticeCopyButton")
        self._close.setObjectName("noticeCloseButton")
        font = QFont(self.font())
        font.setBold(True)
        self._headline.setFont(font)
        for label in (self._headline, self._lines):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._counter.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._close.setAutoRaise(True)
        self._arrange()

    def _arrange(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._headline)
        texts.addWidget(self._lines)
        line = QHBoxLayout(self)
        line.setContentsMargins(STRIPE + 10, 8, 8, 8)
        line.setSpacing(8)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(texts, 1)
        for part in (self._counter, self._button, self._other, self._copy, self._close):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
