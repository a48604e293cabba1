"""WelcomePanel: three ways to begin, and the recent runs."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QPalette, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.card_button import CardButton
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

MOST_RECENT = 6
RECENT_COLUMNS = 2
ICON_SIDE, THUMBNAIL_SIDE = 40, 40
WIDEST, LEAST_CARD = 900, 128

RecentRun = tuple[str, str, str, NDArray[np.uint8] | None]
"""Path, title, subtitle, and a picture (uint8 [H, W, 1 or 3]) or None."""


class WelcomePanel(Retranslating, QWidget):
    """Three ways to begin, and up to MOST_RECENT earlier runs.

    Signals:
        starter_wanted(): train on the pictures that come with the program.
        folder_wanted(): train on a folder of pictures.
        run_wanted(): open the folder of a run.
        recent_wanted(str): open the run at this path.
    """

    starter_wanted = Signal()
    folder_wanted = Signal()
    run_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: tuple[RecentRun, ...] = ()
        self._heading = QLabel()
        self._lead = QLabel()
        self._starter, self._folder, self._run = (CardButton("tall") for _ in range(3))
        self._recent_heading = QLabel()
        self._recent_grid = QGridLayout()
        self._recent_buttons: list[CardButton] = []
        self._build()
        self._starter.clicked.connect(self.starter_wanted)
        self._folder.clicked.connect(self.folder_wanted)
        self._run.clicked.connect(self.run_wanted)
        self.retranslate()
        self._draw_icons()

    def set_recent(self, recent: Sequence[RecentRun]) -> None:
        """List earlier runs, newest first; only the first MOST_RECENT are shown."""
        self._recent = tuple(recent[:MOST_RECENT])
        for button in self._recent_buttons:
            button.setParent(None)
            button.deleteLater()
        self._recent_buttons = []
        for index, (path, title, subtitle, thumbnail) in enumerate(self._recent):
            button = CardButton("row")
            button.setObjectName(f"welcomeRecent{index}")
            button.set_texts(title, subtitle)
            button.setToolTip(paragraphs(title, subtitle, path))
            button.set_picture(self._thumbnail(thumbnail))
            button.clicked.connect(partial(self._want_recent, path))
            self._recent_buttons.append(button)
            self._recent_grid.addWidget(button, *divmod(index, RECENT_COLUMNS))
        self._recent_heading.setVisible(bool(self._recent))

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Welcome"))
        self._heading.setText(self.tr("Watch a network learn to draw"))
        self._lead.setText(
            self.tr("A generator learns to draw pictures like yours, while a discriminator learns to tell them apart.")
        )
        self._recent_heading.setText(self.tr("Recent runs"))
        self._starter.set_texts(
            self.tr("Start with 10\u202f000 garments"),
            self.tr("Fashion-MNIST comes with GAN Studio: small pictures of garments."),
        )
        self._starter.setToolTip(self.tr("Train on the pictures that come with GAN Studio. Nothing is downloaded."))
        self._folder.set_texts(
            self.tr("Use a folder of pictures"),
            self.tr("The folders inside it become classes. A few hundred pictures are a start, thousands are better."),
        )
        self._folder.setToolTip(
            self.tr(
                "Choose a folder on this computer. Its files are never changed. You can also drop a .zip, an array"
                " (.npz, .npy, .mat), a table (.csv, .parquet) or a video on the window."
            )
        )
        self._run.set_texts(
            self.tr("Open a run"),
            self.tr("Resume an earlier run, or explore what it learned."),
        )
        self._run.setToolTip(self.tr("Choose the folder of a run: the one that holds run.toml."))

    def follow_palette(self) -> None:
        """Draw the icons of the cards and of runs without a picture."""
        self._draw_icons()
        self.set_recent(self._recent)

    def _want_recent(self, path: str) -> None:
        self.recent_wanted.emit(path)

    def _draw_icons(self) -> None:
        names = ("tshirt-crew-outline", "folder-image", "folder-open-outline")
        for card, name in zip((self._starter, self._folder, self._run), names, strict=True):
            card.set_picture(self._icon_pixmap(name, ICON_SIDE))

    def _icon_pixmap(self, name: str, side: int) -> QPixmap:
        return icon(name, self.palette()).pixmap(QSize(side, side), self.devicePixelRatio())

    def _thumbnail(self, picture: NDArray[np.uint8] | None) -> QPixmap:
        if picture is None:
            return self._icon_pixmap("image-outline", THUMBNAIL_SIDE)
        side = round(THUMBNAIL_SIDE * self.devicePixelRatio())
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(qimage_of(picture)).scaled(QSize(side, side), keep, smooth)
        pixmap.setDevicePixelRatio(self.devicePixelRatio())
        return pixmap

    def _build(self) -> None:
        self.setObjectName("welcomePanel")
        self._starter.setObjectName("welcomeStarterButton")
        self._folder.setObjectName("welcomeFolderButton")
        self._run.setObjectName("welcomeRunButton")
        self._heading.setFont(_larger(self.font(), 1.7))
        self._recent_heading.setFont(_larger(self.font(), 1.1))
        self._recent_heading.hide()
        self._lead.setWordWrap(True)
        self._lead.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        cards = QHBoxLayout()
        cards.setSpacing(10)
        for card in (self._starter, self._folder, self._run):
            card.setMinimumWidth(LEAST_CARD)
            cards.addWidget(card, 1)
        self._recent_grid.setSpacing(8)
        for column in range(RECENT_COLUMNS):
            self._recent_grid.setColumnStretch(column, 1)
        self._arrange(cards)

    def _arrange(self, cards: QHBoxLayout) -> None:
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(16, 24, 16, 24)
        inside.setSpacing(8)
        inside.addStretch(2)
        inside.addWidget(self._heading)
        inside.addWidget(self._lead)
        inside.addSpacing(12)
        inside.addLayout(cards)
        inside.addSpacing(16)
        inside.addWidget(self._recent_heading)
        inside.addLayout(self._recent_grid)
        inside.addStretch(3)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(column, 1000)
        line.addStretch(1)


def _larger(font: QFont, factor: float) -> QFont:
    result = QFont(font)
    result.setPointSizeF(font.pointSizeF() * factor)
    result.setBold(True)
    return result
