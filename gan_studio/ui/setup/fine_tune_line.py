"""Fine-tune line: names the weights that the next run starts from."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs


class FineTuneLine(Retranslating, QWidget):
    """Name of the run or file that is fine-tuned, and a button to remove it. Hidden while there is none.

    Signals:
        removed(): start the next run from random weights instead.
    """

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin: Path | None = None
        self._name = ""
        self._label = ElidedLabel()
        self._remove = QToolButton()
        self._build()
        self._remove.clicked.connect(self.removed)
        self.set_origin(None)

    def set_origin(self, origin: Path | None, name: str = "") -> None:
        """Show the run or weights file that the next run starts from; None hides the line.

        Args:
            origin: run folder or file.
            name: what it is called; empty: the name of the file.
        """
        self._origin, self._name = origin, name
        self.setVisible(origin is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        if self._origin is None:
            self._label.set_full_text("")
        else:
            self._label.set_full_text(self.tr("Fine-tunes: {name}").format(name=self._name or self._origin.name))
        tip = self.tr("The next run is a new one. It starts from these weights wherever name and shape match.")
        self._label.setToolTip(paragraphs(self._name, tip, str(self._origin or "")))
        self._remove.setAccessibleName(self.tr("Do not fine-tune"))
        self._remove.setToolTip(self.tr("Start the next run from random weights instead."))

    def follow_palette(self) -> None:
        """Colour the icon."""
        self._remove.setIcon(icon("close", self.palette()))

    def _build(self) -> None:
        self.setObjectName("fineTuneLine")
        self._label.setObjectName("fineTuneLabel")
        self._remove.setObjectName("removeFineTuneButton")
        self._remove.setAutoRaise(True)
        self._remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.follow_palette()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._label, 1)
        line.addWidget(self._remove)
