"""Messages at the top of the window: short ones go by themselves, errors stay until they are dismissed."""

from PySide6.QtCore import QEasingCurve, QEvent, QPropertyAnimation, QRect, QSize, Qt, QTimer, Signal
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

from gan_studio.ui.frame.notices import Notice, NoticeQueue
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.theme import blend

SECONDS_SHOWN = 7.0
FADE_MS = 350
STRIPE = 4


class NoticeBar(QFrame):
    """Shows one message at a time; hidden while there is none. Errors come before infos.

    Signals:
        action_triggered(str): the button of the message was pressed; the `action` it was shown with.
    """

    action_triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None, seconds_shown: float = SECONDS_SHOWN) -> None:
        super().__init__(parent)
        self._notices = NoticeQueue()
        self._picture = QLabel()
        self._headline = QLabel()
        self._lines = QLabel()
        self._counter = QLabel()
        self._action = QPushButton()
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

    def show_notice(
        self, text: str, detail: str = "", action_text: str = "", action: str = "", topic: str = ""
    ) -> None:
        """Say something that needs no answer: it fades after some seconds, unless the mouse rests on it."""
        self._add(Notice(text, (detail,) if detail else (), "", action_text, action, topic=topic))

    def show_error(
        self,
        happened: str,
        kept: str,
        todo: str,
        details: str = "",
        action_text: str = "",
        action: str = "",
        topic: str = "",
    ) -> None:
        """Say what went wrong, what is safe and what to do; it stays until dismissed, or replaced by its topic."""
        lines = tuple(line for line in (kept, todo) if line)
        self._add(Notice(happened, lines, details, action_text, action, is_error=True, topic=topic))

    def show_standing(self, text: str, *lines: str, topic: str) -> None:
        """Say how things stand, until it is dismissed or withdrawn; whatever else there is to say comes before it."""
        self._add(Notice(text, lines, stands=True, topic=topic))

    def holds(self, topic: str) -> bool:
        """Tell whether a message about a topic is shown or waits to be."""
        return self._notices.holds(topic)

    def withdraw(self, topic: str) -> None:
        """Take back the message about a topic, where there is one: it no longer holds."""
        shown = self._notices.first
        self._notices.drop(topic)
        if self._notices.first is not shown:
            self._show_first()
        else:
            self._count()

    def dismiss(self) -> None:
        """Drop the message that is shown; the next one follows."""
        self._notices.drop_first()
        self._show_first()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Message"))
        self._copy.setText(self.tr("Copy details"))
        self._copy.setAccessibleName(self.tr("Copy details"))
        self._copy.setToolTip(self.tr("Copy the whole message, with technical details, to the clipboard."))
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.setToolTip(self.tr("Dismiss this message (Escape)."))
        waiting = len(self._notices) - 1
        self._counter.setText(self.tr("1 of {count}").format(count=waiting + 1))
        self._counter.setToolTip(self.tr("More messages wait behind this one: {count}.").format(count=waiting))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold the message under the mouse."""
        super().enterEvent(event)
        self._hold()

    def leaveEvent(self, event: QEvent) -> None:
        """Let the message go on fading."""
        super().leaveEvent(event)
        self._restart()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Dismiss on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tinted ground, its stripe and a hairline below."""
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
        if first is notice and shown is not None and notice.topic and notice.topic == shown.topic:
            self._fill(notice)
            self._restart()
        elif first is not shown:
            self._show_first()
        else:
            self._count()
            if notice == shown:
                self._restart()

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
        """Show the parts of a message."""
        self._headline.setText(notice.headline)
        self._lines.setText("\n".join(notice.lines))
        self._lines.setVisible(bool(notice.lines))
        self._action.setText(notice.action_text)
        self._action.setAccessibleName(notice.action_text)
        self._action.setToolTip(notice.action_text)
        self._action.setVisible(bool(notice.action_text))
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
        self._action.clicked.connect(self._trigger)

    def _trigger(self) -> None:
        if notice := self._notices.first:
            self.dismiss()
            self.action_triggered.emit(notice.action)

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
        self._action.setObjectName("noticeActionButton")
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
        for part in (self._counter, self._action, self._copy, self._close):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
