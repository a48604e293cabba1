"""Collapsible section: a titled part of a panel that folds away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs


class CollapsibleSection(Retranslating, QWidget):
    """A header button over a body.

    Args:
        body: the part that folds away.
        name: object name of the section; its header is `<name>Button`.
        is_part: whether it is a part within a section: plain title, no line below.
        is_open: whether it is open at first; None: a section is, a part is not.
        mark: a small sign beside the title, or None.

    Signals:
        folded(str, bool): a person opened the section (True) or folded it away (False); the text is its object name.
    """

    folded = Signal(str, bool)

    def __init__(
        self,
        body: QWidget,
        name: str,
        *,
        is_part: bool = False,
        is_open: bool | None = None,
        mark: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._body = body
        self._is_open = not is_part if is_open is None else is_open
        self._is_found: bool | None = None
        self._title = self._detail = ""
        self._header = QToolButton()
        self._build(name, is_part, mark)
        self._header.clicked.connect(self._toggle)
        self._unfold()

    def set_title(self, title: str, detail: str = "") -> None:
        """Set the text of the header, and a second paragraph of its tooltip."""
        self._title, self._detail = title, detail
        self.retranslate()

    @property
    def is_open(self) -> bool:
        """Whether a person left it open. A search may show a folded body meanwhile."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Open the section or fold it away, without a signal."""
        self._is_open = is_open
        self._unfold()

    def show_found(self, is_found: bool | None) -> None:
        """Show the section opened (True) or not at all (False) during a search; None: as it was left."""
        self._is_found = is_found
        self._unfold()

    def retranslate(self) -> None:
        """Set all text."""
        self._header.setText(self._title)
        self._header.setAccessibleName(self._title)
        use = self.tr("Fold this section away.") if self._is_open else self.tr("Open this section.")
        if self._is_found:
            use = self.tr("Open as long as you search for its settings.")
        self._header.setToolTip(paragraphs(use, self._detail))

    @property
    def _shows_body(self) -> bool:
        return self._is_open if self._is_found is None else self._is_found

    def _build(self, name: str, is_part: bool, mark: QWidget | None) -> None:
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
        line = QWidget()
        heading = QHBoxLayout(line)
        heading.setContentsMargins(0, 0, 0, 0)
        heading.setSpacing(0)
        heading.addWidget(header)
        if mark is not None:
            heading.addWidget(mark)
        column = fill_column(self, (line, self._body))
        if not is_part:
            column.addWidget(_rule())

    def _toggle(self) -> None:
        if self._is_found is None:
            self.set_open(not self._is_open)
            self.folded.emit(self.objectName(), self._is_open)

    def _unfold(self) -> None:
        self._header.setArrowType(Qt.ArrowType.DownArrow if self._shows_body else Qt.ArrowType.RightArrow)
        self._body.setVisible(self._shows_body)
        self.setVisible(self._is_found is not False)
        self.retranslate()


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setFrameShadow(QFrame.Shadow.Plain)
    rule.setForegroundRole(QPalette.ColorRole.Mid)
    return rule
