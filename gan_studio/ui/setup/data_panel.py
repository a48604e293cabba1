"""The data of a run: thumbnails, how many pictures at which size, and what was left out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.engine.config import RunConfig
from gan_studio.engine.messages import Message
from gan_studio.ui.elided_label import ElidedLabel
from gan_studio.ui.number_text import grouped
from gan_studio.ui.rich_text import paragraphs
from gan_studio.ui.setup.config_form import ConfigForm
from gan_studio.ui.setup.left_out_list import LeftOutList
from gan_studio.ui.setup.thumbnail_grid import ThumbnailGrid


class DataPanel(QWidget):
    """Shows what the discriminator will be shown as real.

    Signals:
        folder_wanted(): a person wants to choose a folder of pictures.
        committed(str, object): dotted path of a setting, and the value that a person settled on.
    """

    folder_wanted = Signal()
    committed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_locked = False
        self._count = 0
        self._shape: tuple[int, ...] = (0, 0, 0)
        self._source = ElidedLabel()
        self._thumbnails = ThumbnailGrid()
        self._facts = QLabel()
        self._choose = QPushButton()
        self._form = ConfigForm("data")
        self._left_out = LeftOutList()
        self._build()
        self._choose.clicked.connect(self.folder_wanted)
        self._form.committed.connect(self.committed)
        self.retranslate()

    def set_preview(self, images: NDArray[np.uint8], count: int, text: str) -> None:
        """Show some pictures of the data.

        Args:
            images: uint8 [N, H, W, 1 or 3] as the networks see them; the first 32 are shown.
            count: pictures in all.
            text: what the source is called.
        """
        self._count, self._shape = count, images.shape[1:]
        self._thumbnails.set_pictures(images)
        self._thumbnails.setVisible(len(images) > 0)
        self._source.set_full_text(text)
        self._source.setToolTip(paragraphs(text))
        self._source.setVisible(bool(text))
        self.retranslate()

    def set_left_out(self, left_out: Sequence[tuple[str, Message]]) -> None:
        """Show which files were left out, and why."""
        self._left_out.set_left_out(left_out)

    def show_config(self, config: RunConfig) -> None:
        """Show the size and the channels of a configuration without a signal."""
        self._form.show_config(config)

    def settle(self) -> None:
        """Take or refuse what is still being typed."""
        self._form.settle()

    def set_locked(self, is_locked: bool) -> None:
        """Hold the data while a run is open."""
        self._is_locked = is_locked
        self._choose.setEnabled(not is_locked)
        self._form.set_locked(is_locked)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self._facts.setText(self._facts_text())
        self._facts.setToolTip(
            self.tr("How many pictures there are, and the size and colours that they are trained at.")
        )
        self._choose.setText(self.tr("Choose folder\u2026"))
        self._choose.setAccessibleName(self.tr("Choose a folder of pictures"))
        tip = self.tr("Train on your own pictures: a folder of PNG, JPEG, WebP or BMP files.")
        reason = self.tr("A run is open: its data cannot be exchanged.") if self._is_locked else ""
        self._choose.setToolTip(paragraphs(tip, reason))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _facts_text(self) -> str:
        if not self._count:
            return self.tr("No pictures looked at yet.")
        height, width, channels = self._shape
        colours = self.tr("grey") if channels == 1 else self.tr("colour")
        text = self.tr("{count} pictures \u00b7 {width} \u00d7 {height} \u00b7 {colours}")
        return text.format(count=grouped(self._count), width=width, height=height, colours=colours)

    def _build(self) -> None:
        self.setObjectName("dataPanel")
        self._source.setObjectName("dataSourceLabel")
        self._facts.setObjectName("dataFacts")
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._facts.setWordWrap(True)
        self._choose.setObjectName("chooseFolderButton")
        self._source.hide()
        self._thumbnails.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._source, self._thumbnails, self._facts, self._left_out, self._form, self._choose):
            column.addWidget(part)
