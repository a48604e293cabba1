"""A titled part of a panel that folds away."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.ui.widgets.rich_text import paragraphs


class CollapsibleSection(QWidget):
    """A header button over a body.

    Args:
        body: the part that folds away.
        name: object name of the section; its header is `<name>Button`.
        is_part: whether it is a part of a section: plain, with no line below, and folded at first.

    Signals:
        folded(str, bool): object name, and whether a person opened it (False: folded it away).
    """

    folded = Signal(str, bool)

    def __init__(self, body: QWidget, name: str, *, is_part: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._title = self._detail = ""
        self._header = QToolButton()
        self._build(name, is_part)
        self._header.clicked.connect(self._toggle)
        self._unfold(not is_part)

    def set_title(self, title: str, detail: str = "") -> None:
        """Set the text of the header, and what its tooltip says besides."""
        self._title, self._detail = title, detail
        self.retranslate()

    @property
    def is_open(self) -> bool:
        """Whether its body is shown."""
        return not self._body.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Open it or fold it away, without a signal."""
        self._unfold(is_open)

    def retranslate(self) -> None:
        """Set the texts of the header."""
        self._header.setText(self._title)
        self._header.setAccessibleName(self._title)
        use = self.tr("Fold this part away.") if self.is_open else self.tr("Open this part.")
        self._header.setToolTip(paragraphs(use, self._detail))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _build(self, name: str, is_part: bool) -> None:
        self.setObjectName(name)
        header = self._header
        header.setObjectName(f"{name}Button")
        header.setAutoRaise(True)
        header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        font = header.font()
        font.setBold(not is_part)
        header.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(header)
        column.addWidget(self._body)
        if not is_part:
            column.addWidget(_rule())

    def _toggle(self) -> None:
        self._unfold(not self.is_open)
        self.folded.emit(self.objectName(), self.is_open)

    def _unfold(self, is_open: bool) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._body.setVisible(is_open)
        self.retranslate()


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setFrameShadow(QFrame.Shadow.Plain)
    rule.setForegroundRole(QPalette.ColorRole.Mid)
    return rule
