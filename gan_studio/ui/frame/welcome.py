"""WelcomePanel: three ways to begin, and the recent runs."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gan_studio.ui.frame.run_card import RunCard, RunFacts
from gan_studio.ui.widgets.card_button import CardButton
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating

MOST_RECENT = 6
ICON_SIDE = 40
WIDEST, LEAST_CARD = 900, 128
TWO_COLUMNS_FROM = 840
"""Width of the panel in pixels from which two cards of runs stand side by side."""


class WelcomePanel(Retranslating, QWidget):
    """Three ways to begin, and up to MOST_RECENT earlier runs.

    Signals:
        starter_wanted(): train on the pictures that come with the program.
        folder_wanted(): train on a folder of pictures.
        run_wanted(): open the folder of a run.
        recent_wanted(str): open the run at this path.
        card_wanted(str what, str path): do something else with that run; `what` as RunCard.wanted says it.
    """

    starter_wanted = Signal()
    folder_wanted = Signal()
    run_wanted = Signal()
    recent_wanted = Signal(str)
    card_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: tuple[RunFacts, ...] = ()
        self._heading = QLabel()
        self._lead = QLabel()
        self._starter, self._folder, self._run = (CardButton("tall") for _ in range(3))
        self._recent_heading = QLabel()
        self._recent_grid = QGridLayout()
        self._cards: list[RunCard] = []
        self._build()
        self._starter.clicked.connect(self.starter_wanted)
        self._folder.clicked.connect(self.folder_wanted)
        self._run.clicked.connect(self.run_wanted)
        self.retranslate()
        self._draw_icons()

    def set_recent(self, recent: Sequence[RunFacts]) -> None:
        """List earlier runs, newest first; only the first MOST_RECENT are shown. Cards that stay the same stay."""
        wanted = tuple(recent[:MOST_RECENT])
        for index, facts in enumerate(wanted):
            if index < len(self._recent) and self._recent[index] is facts:
                continue
            card = self._make_card(facts, index)
            if index < len(self._cards):
                _remove(self._cards[index])
                self._cards[index] = card
            else:
                self._cards.append(card)
        for card in self._cards[len(wanted) :]:
            _remove(card)
        del self._cards[len(wanted) :]
        self._recent = wanted
        self._place_cards()
        self._recent_heading.setVisible(bool(wanted))

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
        """Draw the icons of the cards."""
        self._draw_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards of runs side by side where there is room."""
        super().resizeEvent(event)
        self._place_cards()

    def _make_card(self, facts: RunFacts, index: int) -> RunCard:
        card = RunCard(facts, index)
        if facts.can_open:
            card.clicked.connect(partial(self._open, facts.path))
        card.wanted.connect(partial(self._want, facts.path))
        return card

    def _open(self, path: str) -> None:
        self.recent_wanted.emit(path)

    def _want(self, path: str, what: str) -> None:
        self.card_wanted.emit(what, path)

    def _place_cards(self) -> None:
        columns = 2 if self.width() >= TWO_COLUMNS_FROM else 1
        for column in range(2):
            self._recent_grid.setColumnStretch(column, 1 if column < columns else 0)
        for index, card in enumerate(self._cards):
            self._recent_grid.addWidget(card, *divmod(index, columns))

    def _draw_icons(self) -> None:
        names = ("tshirt-crew-outline", "folder-image", "folder-open-outline")
        for card, name in zip((self._starter, self._folder, self._run), names, strict=True):
            card.set_picture(self._icon_pixmap(name, ICON_SIDE))

    def _icon_pixmap(self, name: str, side: int) -> QPixmap:
        return icon(name, self.palette()).pixmap(QSize(side, side), self.devicePixelRatio())

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


def _remove(card: RunCard) -> None:
    card.setParent(None)
    card.deleteLater()


def _larger(font: QFont, factor: float) -> QFont:
    result = QFont(font)
    result.setPointSizeF(font.pointSizeF() * factor)
    result.setBold(True)
    return result
