"""NoticeBar: notices that float above the content. Info notices fade; errors stay until they are dismissed."""

from PySide6.QtCore import QEasingCurve, QEvent, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QVBoxLayout, QWidget

from gan_studio.ui.frame.notice_face import NoticeFace
from gan_studio.ui.frame.notices import Notice, NoticeButton, NoticeQueue, ThreeParts
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

SECONDS_SHOWN = 7.0
FADE_MS = 350


class NoticeBar(Retranslating, QFrame):
    """Shows one notice at a time, the newest first, and arrows to the others. Hidden while there is none.

    Args:
        seconds_shown: how long an info notice stays before it fades.
    """

    def __init__(self, parent: QWidget | None = None, seconds_shown: float = SECONDS_SHOWN) -> None:
        super().__init__(parent)
        self._notices = NoticeQueue()
        self._face = NoticeFace()
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
        """Show a notice of a lasting state until it is dismissed or withdrawn; all other notices come above it."""
        self._add(Notice(text, tuple(filter(None, lines)), button=button, is_standing=True, topic=topic))

    def holds(self, topic: str) -> bool:
        """Return whether a notice about a topic is shown or waits."""
        return self._notices.holds(topic)

    def withdraw(self, topic: str) -> None:
        """Remove the notice about a topic, if there is one, because it is no longer true."""
        shown = self._notices.shown
        self._notices.drop(topic)
        if self._notices.shown is not shown:
            self._show()
        else:
            self._count()

    def dismiss(self) -> None:
        """Remove the notice that is shown; the one on top follows."""
        self._notices.drop_shown()
        self._show()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Notice"))

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

    def _add(self, notice: Notice) -> None:
        shown = self._notices.shown
        self._notices.add(notice, keeps_shown=self.isVisible() and self._face.is_in_hand)
        first = self._notices.shown
        if first is notice and shown is not None and notice.has_turn_of(shown):
            self._fill(notice)
            self._restart()
        elif first is not shown:
            self._show()
        else:
            self._count()
        self._announce(notice)

    def _announce(self, notice: Notice) -> None:
        """Tell screen readers what a notice says; an error interrupts what they say otherwise."""
        event = QAccessibleAnnouncementEvent(self, " ".join((notice.headline, *notice.lines)))
        loud, quiet = QAccessible.AnnouncementPoliteness.Assertive, QAccessible.AnnouncementPoliteness.Polite
        event.setPoliteness(loud if notice.is_error else quiet)
        QAccessible.updateAccessibility(event)

    def _step(self, places: int) -> None:
        self._notices.step(places)
        self._show()

    def _show(self) -> None:
        self._hold()
        notice = self._notices.shown
        if notice is None:
            self.hide()
            return
        self._fill(notice)
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._restart()

    def _fill(self, notice: Notice) -> None:
        self.setAccessibleDescription(" ".join((notice.headline, *notice.lines)))
        self._face.fill(notice)
        self._count()

    def _count(self) -> None:
        self._face.show_place(self._notices.place, len(self._notices))

    def _hold(self) -> None:
        self._timer.stop()
        self._fade.stop()
        self._effect.setEnabled(False)

    def _restart(self) -> None:
        self._hold()
        notice = self._notices.shown
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
        if notice := self._notices.shown:
            QGuiApplication.clipboard().setText(notice.whole_text)

    def _connect(self) -> None:
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._begin_to_fade)
        self._fade.finished.connect(self.dismiss)
        self._face.dismissed.connect(self.dismiss)
        self._face.copy_wanted.connect(self._copy_details)
        self._face.stepped.connect(self._step)
        self._face.pressed.connect(self._press)

    def _press(self, number: int) -> None:
        notice = self._notices.shown
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._face)
