"""NoticeFace: one notice as a person sees it, with its buttons and the arrows to other notices."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.ui.frame.notices import Notice
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.theme import blend

STRIPE = 4
"""Width of the stripe at the left, in pixels."""


class NoticeFace(Retranslating, QFrame):
    """Shows one notice of several.

    Signals:
        dismissed(): remove the notice.
        stepped(int): show an older notice (1) or a newer one (-1).
        pressed(int): the first (0) or the other (1) button of the notice was pressed.
        copy_wanted(): copy the whole notice.
    """

    dismissed = Signal()
    stepped = Signal(int)
    pressed = Signal(int)
    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_error = False
        self._place, self._count = 0, 0
        self._picture, self._headline, self._lines, self._counter = (QLabel() for _ in range(4))
        self._newer, self._older, self._close = (QToolButton() for _ in range(3))
        self._button, self._other, self._copy = (QPushButton() for _ in range(3))
        self._build()
        self._connect()
        self.retranslate()

    @property
    def is_in_hand(self) -> bool:
        """Whether a person is at a button that acts or at an arrow: then another notice must not take its place."""
        buttons = (self._button, self._other, self._copy, self._newer, self._older)
        return any(button.isVisible() and (button.underMouse() or button.hasFocus()) for button in buttons)

    def fill(self, notice: Notice) -> None:
        """Show the parts of a notice."""
        self._is_error = notice.is_error
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
        self.follow_palette()
        self.update()

    def show_place(self, place: int, count: int) -> None:
        """Show which notice this is: `place` counts from 0, the newest; the arrows are there if there are several."""
        self._place, self._count = place, count
        for part in (self._newer, self._counter, self._older):
            part.setVisible(count > 1)
        self._newer.setEnabled(place > 0)
        self._older.setEnabled(place < count - 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self._copy.setText(self.tr("Copy details"))
        for button, name, tip in (
            (self._copy, self.tr("Copy details"), self.tr("Copy the whole notice, with its technical details.")),
            (self._close, self.tr("Dismiss"), self.tr("Dismiss this notice (Escape).")),
            (self._newer, self.tr("Newer notice"), self.tr("Show the notice that came after this one.")),
            (self._older, self.tr("Older notice"), self.tr("Show the notice that came before this one.")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip)
        place = {"place": self._place + 1, "count": self._count}
        self._counter.setText(self.tr("{place} of {count}").format(**place))
        self._counter.setToolTip(self.tr("Notice {place} of {count}; 1 is on top.").format(**place))

    def follow_palette(self) -> None:
        """Draw the icons in the colours of the theme."""
        name = "alert-circle-outline" if self._is_error else "information-outline"
        self._picture.setPixmap(icon(name, self.palette()).pixmap(QSize(20, 20), self.devicePixelRatio()))
        for button, drawing in ((self._close, "close"), (self._newer, "chevron-left"), (self._older, "chevron-right")):
            button.setIcon(icon(drawing, self.palette()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tinted background, the stripe at its left and a line around it."""
        painter, palette = QPainter(self), self.palette()
        tint = palette.color(QPalette.ColorRole.BrightText if self._is_error else QPalette.ColorRole.Accent)
        window = palette.color(QPalette.ColorRole.Window)
        painter.fillRect(self.rect(), blend(tint, window, 0.12))
        painter.fillRect(QRect(0, 0, STRIPE, self.height()), tint)
        painter.setPen(blend(tint, window, 0.7))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _connect(self) -> None:
        self._close.clicked.connect(self.dismissed)
        self._copy.clicked.connect(self.copy_wanted)
        self._newer.clicked.connect(lambda: self.stepped.emit(-1))
        self._older.clicked.connect(lambda: self.stepped.emit(1))
        self._button.clicked.connect(lambda: self.pressed.emit(0))
        self._other.clicked.connect(lambda: self.pressed.emit(1))

    def _build(self) -> None:
        for name, part in (
            ("noticeHeadline", self._headline),
            ("noticeLines", self._lines),
            ("noticeCounter", self._counter),
            ("noticeActionButton", self._button),
            ("noticeOtherButton", self._other),
            ("noticeCopyButton", self._copy),
            ("noticeCloseButton", self._close),
            ("newerNoticeButton", self._newer),
            ("olderNoticeButton", self._older),
        ):
            part.setObjectName(name)
        font = QFont(self.font())
        font.setBold(True)
        self._headline.setFont(font)
        for label in (self._headline, self._lines):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._counter.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for tool in (self._newer, self._older, self._close):
            tool.setAutoRaise(True)
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
        ways = (self._newer, self._counter, self._older)
        for part in (*ways, self._button, self._other, self._copy, self._close):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
