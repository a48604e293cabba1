"""The line that says which run the next one begins from."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.rich_text import paragraphs


class FineTuneLine(QWidget):
    """Names the origin of a fine-tuned run; hidden while there is none.

    Signals:
        removed(): begin the next run from fresh weights after all.
    """

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin: Path | None = None
        self._label = ElidedLabel()
        self._remove = QToolButton()
        self._build()
        self._remove.clicked.connect(self.removed)
        self.set_origin(None)

    def set_origin(self, origin: Path | None) -> None:
        """Show the run folder or file of weights that the next run begins from."""
        self._origin = origin
        self.setVisible(origin is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        if self._origin is None:
            self._label.set_full_text("")
        else:
            self._label.set_full_text(self.tr("Fine-tunes: {name}").format(name=self._origin.name))
        tip = self.tr("The next run is a new one that begins with these weights, as far as the shapes agree.")
        self._label.setToolTip(paragraphs(tip, str(self._origin or "")))
        self._remove.setAccessibleName(self.tr("Do not fine-tune"))
        self._remove.setToolTip(self.tr("Begin the next run from fresh weights after all."))

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        self._remove.setIcon(icon("close", self.palette()))

    def _build(self) -> None:
        self.setObjectName("fineTuneLine")
        self._label.setObjectName("fineTuneLabel")
        self._remove.setObjectName("removeFineTuneButton")
        self._remove.setAutoRaise(True)
        self._remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._draw_icon()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._label, 1)
        line.addWidget(self._remove)
