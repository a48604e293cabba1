"""CardButton: a large button with a picture, a title and an explanation."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.theme import blend

RADIUS = 6


class CardButton(QAbstractButton):
    """A card that is one button.

    Args:
        shape: "tall" puts the picture above the texts and wraps them; "row" puts it beside them and cuts long texts;
            "wrapped" puts it beside them and wraps them.

    Signals:
        clicked(bool): as on every QAbstractButton.
    """

    def __init__(self, shape: Literal["tall", "row", "wrapped"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_tall, self._is_wrapped = shape == "tall", shape != "row"
        self._picture = QLabel()
        self._title: QLabel = QLabel() if self._is_wrapped else ElidedLabel()
        self._explanation: QLabel = QLabel() if self._is_wrapped else ElidedLabel()
        self._remark = ElidedLabel()
        self._texts = QVBoxLayout()
        direction = QBoxLayout.Direction.TopToBottom if self._is_tall else QBoxLayout.Direction.LeftToRight
        self._outer = QBoxLayout(direction, self)
        self._build()

    def set_texts(self, title: str, explanation: str) -> None:
        """Set the title and the explanation below it."""
        self.setText(title.replace("&", "&&"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(explanation)
        for label, text in ((self._title, title), (self._explanation, explanation)):
            if isinstance(label, ElidedLabel):
                label.set_full_text(text)
            else:
                label.setText(text)
        self._explanation.setVisible(bool(explanation))

    def set_remark(self, text: str, *, is_fault: bool = False) -> None:
        """Set a line below the explanation, or remove it with an empty text; a fault stands out."""
        self._remark.set_full_text(text)
        role = QPalette.ColorRole.BrightText if is_fault else QPalette.ColorRole.PlaceholderText
        self._remark.setForegroundRole(role)
        self._remark.setVisible(bool(text))

    def add_below(self, widget: QWidget) -> None:
        """Add a widget below the texts, such as more buttons."""
        self._texts.insertWidget(self._texts.count() - 1, widget)

    def set_picture_side(self, side: int) -> None:
        """Keep room for a picture of this width and height in pixels, also before there is one."""
        self._picture.setFixedSize(side, side)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_picture(self, picture: QPixmap) -> None:
        """Set the picture."""
        self._picture.setPixmap(picture)

    def sizeHint(self) -> QSize:
        """Ask for the size of the content."""
        return self._outer.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Never cut the content."""
        return self._outer.minimumSize()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Highlight the card under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Remove the highlight."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card behind its labels."""
        palette = self.palette()
        accent, base = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Base)
        is_marked = self.hasFocus() or self.underMouse()
        border = accent if is_marked else palette.color(QPalette.ColorRole.Mid)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(border, 2 if self.hasFocus() else 1))
        painter.setBrush(blend(accent, base, 0.12 if self.isDown() else 0.05) if is_marked else base)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        font = QFont(self._title.font())
        font.setBold(True)
        if self._is_tall:
            font.setPointSizeF(font.pointSizeF() * 1.1)
        self._title.setFont(font)
        self._explanation.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self._picture, self._title, self._explanation, self._remark):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(self._is_wrapped)
        self._remark.hide()
        self._arrange()

    def _arrange(self) -> None:
        outer = self._outer
        margin = 20 if self._is_tall else 8
        outer.setContentsMargins(margin, margin, margin, margin)
        outer.setSpacing(12 if self._is_tall else 10)
        texts = self._texts
        texts.setSpacing(6 if self._is_tall else 2)
        if not self._is_tall:
            texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._explanation)
        texts.addWidget(self._remark)
        texts.addStretch(1)
        outer.addWidget(self._picture)
        outer.addLayout(texts, 1)
