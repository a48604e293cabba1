"""A titled part of a panel that folds away."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget


class CollapsibleSection(QWidget):
    """A header button over a body.

    Args:
        body: the part that folds away.
        name: object name of the section; its header is `<name>Button`.
    """

    def __init__(self, body: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._title = ""
        self._header = QToolButton()
        self._build(name)
        self._header.clicked.connect(self._toggle)
        self._unfold(True)

    def set_title(self, title: str) -> None:
        """Set the text of the header."""
        self._title = title
        self.retranslate()

    def retranslate(self) -> None:
        """Set the texts of the header."""
        self._header.setText(self._title)
        self._header.setAccessibleName(self._title)
        self._header.setToolTip(
            self.tr("Fold this part away.") if not self._body.isHidden() else self.tr("Open this part.")
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _build(self, name: str) -> None:
        self.setObjectName(name)
        header = self._header
        header.setObjectName(f"{name}Button")
        header.setAutoRaise(True)
        header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        font = header.font()
        font.setBold(True)
        header.setFont(font)
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        rule.setForegroundRole(QPalette.ColorRole.Mid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(header)
        column.addWidget(self._body)
        column.addWidget(rule)

    def _toggle(self) -> None:
        self._unfold(self._body.isHidden())

    def _unfold(self, is_open: bool) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._body.setVisible(is_open)
        self.retranslate()
