"""Collapsible section: a titled part of a panel that folds away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QWidget

from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs


class CollapsibleSection(Retranslating, QWidget):
    """A header button over a body.

    Args:
        body: the part that folds away.
        name: object name of the section; its header is `<name>Button`.
        is_part: whether it is a part within a section: plain title, no line below, folded at first.

    Signals:
        folded(str, bool): a person opened the section (True) or folded it away (False); the text is its object name.
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
        """Set the text of the header, and a second paragraph of its tooltip."""
        self._title, self._detail = title, detail
        self.retranslate()

    @property
    def is_open(self) -> bool:
        """Whether the body is shown."""
        return not self._body.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Open the section or fold it away, without a signal."""
        self._unfold(is_open)

    def retranslate(self) -> None:
        """Set all text."""
        self._header.setText(self._title)
        self._header.setAccessibleName(self._title)
        use = self.tr("Fold this section away.") if self.is_open else self.tr("Open this section.")
        self._header.setToolTip(paragraphs(use, self._detail))

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
        column = fill_column(self, (header, self._body))
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
