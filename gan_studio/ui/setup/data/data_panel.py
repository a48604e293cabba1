"""Data panel: thumbnails, counts, classes and files left out, and the settings of the data."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.text.message import Message
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.config_form import ConfigForm
from gan_studio.ui.setup.data.class_counts import ClassCounts
from gan_studio.ui.setup.data.left_out_list import LeftOutList
from gan_studio.ui.setup.data.thumbnail_grid import ThumbnailGrid
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.translate import translate


class DataPanel(Retranslating, QWidget):
    """The real pictures that the discriminator sees.

    Signals:
        folder_wanted(): let the person choose a folder of pictures.
        file_wanted(): let the person choose a file that holds pictures.
        committed(str, object): a person changed a setting: its dotted path and its new value.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    committed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_locked = False
        self._count = 0
        self._held_out: int | None = None
        self._is_about = False
        self._shape: tuple[int, ...] = (0, 0, 0)
        self._sizes: tuple[int, ...] = ()
        self._notes: tuple[Message, ...] = ()
        self._taken: Message | None = None
        self._source = ElidedLabel()
        self._thumbnails = ThumbnailGrid()
        self._facts = QLabel()
        self._classes = ClassCounts()
        self._choose = QPushButton()
        self._choose_file = QPushButton()
        self._about = QWidget()
        self._form = ConfigForm("data")
        self._left_out = LeftOutList()
        self._build()
        self._choose.clicked.connect(self.folder_wanted)
        self._choose_file.clicked.connect(self.file_wanted)
        self._form.committed.connect(self.committed)
        self.retranslate()

    def set_preview(
        self, images: NDArray[np.uint8], count: int, text: str, sizes: tuple[int, int, int, int] | None = None
    ) -> None:
        """Show some pictures of the data.

        Args:
            images: uint8 [N, H, W, 1, 3 or 4] as the networks see them; the first 32 are shown.
            count: how many pictures there are in total.
            text: name of the source.
            sizes: width and height of the smallest picture found, then of the largest, in pixels; None if not known.
        """
        self._count, self._shape, self._sizes, self._held_out = count, images.shape[1:], sizes or (), None
        self._thumbnails.set_pictures(images)
        self._thumbnails.setVisible(len(images) > 0)
        self._source.set_full_text(text)
        self._source.setToolTip(paragraphs(text))
        self._source.setVisible(bool(text))
        self.retranslate()

    def set_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show the classes and how many pictures each has; both are empty for pictures without labels."""
        self._classes.set_counts(names, counts)

    def set_notes(self, notes: Sequence[Message]) -> None:
        """Show how the source was understood, in sentences."""
        self._notes = tuple(notes)
        self.retranslate()

    def set_taken(self, taken: Message | None) -> None:
        """Show what the settings took from the pictures; None: nothing."""
        self._taken = taken
        self.retranslate()

    def set_shares(self, trained: int, held_out: int, *, is_about: bool = False) -> None:
        """Show how many pictures a run trains on and how many are held out.

        Args:
            trained: pictures that a run trains on.
            held_out: pictures that it never sees.
            is_about: whether the numbers are estimates, because the pictures are not read yet.
        """
        self._count, self._held_out, self._is_about = trained + held_out, held_out, is_about
        self.retranslate()

    def set_left_out(self, left_out: Sequence[tuple[str, Message]]) -> None:
        """Show which files were left out, and why."""
        self._left_out.set_left_out(left_out)

    def show_config(self, config: RunConfig) -> None:
        """Show the data settings of a configuration without a signal."""
        self._form.show_config(config)

    def settle(self) -> None:
        """Accept or refuse what is still being typed."""
        self._form.settle()

    def search(self, words: Sequence[str]) -> int:
        """Show only the settings that are about all words, and count them; without words, show everything."""
        self._about.setVisible(not words)
        return self._form.search(words)

    def set_locked(self, is_locked: bool) -> None:
        """Disable the settings of the data while a run is open."""
        self._is_locked = is_locked
        for button in (self._choose, self._choose_file):
            button.setEnabled(not is_locked)
        self._form.set_locked(is_locked)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self._facts.setText("\n".join(self._facts_texts()))
        self._facts.setToolTip(
            self.tr(
                "Number of pictures, their size and colours in training, their original sizes, and how many are held"
                " out. Held-out pictures are never trained on."
            )
        )
        self._choose.setText(self.tr("Choose folder\u2026"))
        self._choose.setAccessibleName(self.tr("Choose a folder of pictures"))
        self._choose_file.setText(self.tr("Choose file\u2026"))
        self._choose_file.setAccessibleName(self.tr("Choose a file that holds pictures"))
        tip = self.tr("Train on a folder of your own pictures. Folders inside it become classes.")
        tip_file = self.tr("Train on a .zip, an array (.npz, .npy, .mat), a table (.csv, .parquet) or a video.")
        reason = self.tr("A run is open, and its data cannot be changed.") if self._is_locked else ""
        self._choose.setToolTip(paragraphs(tip, reason))
        self._choose_file.setToolTip(paragraphs(tip_file, reason))

    def _facts_texts(self) -> list[str]:
        notes = self._notes if self._taken is None else (self._taken, *self._notes)
        said = [f"• {translate(note)}" for note in notes]
        if not self._count:
            return [self.tr("No pictures read yet."), *said]
        height, width, channels = self._shape
        colours = {1: self.tr("grey"), 4: self.tr("colour with transparency")}.get(channels, self.tr("colour"))
        text = self.tr("{count} pictures \u00b7 {width} \u00d7 {height} \u00b7 {colours}")
        texts = [text.format(count=grouped(self._count), width=width, height=height, colours=colours)]
        if self._sizes:
            texts.append(self._sizes_text())
        if self._held_out:
            about = self.tr("about {count} of them held out, never trained on")
            text = about if self._is_about else self.tr("{count} of them held out, never trained on")
            texts.append(text.format(count=grouped(self._held_out)))
        return [*texts, *said]

    def _sizes_text(self) -> str:
        small, large = self._sizes[:2], self._sizes[2:]
        if small == large:
            return self.tr("original size {width} \u00d7 {height}").format(width=small[0], height=small[1])
        text = self.tr("original sizes {width} \u00d7 {height} to {most_width} \u00d7 {most_height}")
        return text.format(width=small[0], height=small[1], most_width=large[0], most_height=large[1])

    def _build(self) -> None:
        self.setObjectName("dataPanel")
        self._source.setObjectName("dataSourceLabel")
        self._facts.setObjectName("dataFacts")
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._facts.setWordWrap(True)
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self._choose.setObjectName("chooseFolderButton")
        self._choose_file.setObjectName("chooseFileButton")
        self._source.hide()
        self._thumbnails.hide()
        about = fill_column(self._about, (self._source, self._thumbnails, self._facts, self._classes, self._left_out))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._choose)
        line.addWidget(self._choose_file)
        about.addLayout(line)
        fill_column(self, (self._about, self._form))
