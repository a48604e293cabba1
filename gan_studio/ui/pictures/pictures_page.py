"""PicturesPage: what was found in a person's pictures, and what to decide before the start."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gan_studio.engine.config.presets import Preset
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.preview import Preview
from gan_studio.ui.pictures.fit_choice import FitChoice
from gan_studio.ui.pictures.picture_pairs import PicturePairs
from gan_studio.ui.pictures.preset_card import PresetCard, preset_pixmap
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

WIDEST = 1000
SHEET_SIDE = 72
"""Pixels a side of the samples of the chosen preset."""


class PicturesPage(Retranslating, QWidget):
    """What was found, originals beside what the networks will see, how they become square, a preset, a start.

    Signals:
        left_out(str): leave out the picture with this name.
        copies_left_out(): leave out the near-duplicates.
        brought_back(): use again what was left out by hand.
        fit_chosen(str): a choice of data.fit.
        preset_wanted(): use the recommended preset.
        presets_wanted(): show all presets.
        start_wanted(): start.
        others_wanted(): go back to the pictures of the preset.
        copied(): a picture is on the clipboard.
    """

    left_out = Signal(str)
    copies_left_out = Signal()
    brought_back = Signal()
    fit_chosen = Signal(str)
    preset_wanted = Signal()
    presets_wanted = Signal()
    start_wanted = Signal()
    others_wanted = Signal()
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._place = "", ""
        self._heading, self._facts, self._expected, self._sheet = QLabel(), QLabel(), QLabel(), QLabel()
        self._fit_heading, self._preset_heading = QLabel(), QLabel()
        self._pairs, self._fit, self._card = PicturePairs(), FitChoice(), PresetCard()
        self._copies, self._back = QPushButton(), QPushButton()
        self._others, self._presets, self._start = QPushButton(), QPushButton(), QPushButton()
        self._of_pictures = (self._pairs, self._fit, self._fit_heading, self._preset_heading, self._card)
        self._build()
        self._connect()
        self.retranslate()
        self.follow_palette()

    def show_source(self, name: str, place: str) -> None:
        """Show the name of the pictures that are being looked at, and where they are."""
        self._source, self._place = name, place
        self.retranslate()

    def clear(self) -> None:
        """Show nothing of the pictures before."""
        for part in self._of_pictures:
            part.hide()
        self._facts.setText("")
        for button in (self._copies, self._back):
            button.hide()

    def show_preview(self, preview: Preview) -> None:
        """Show the pictures of a preview."""
        self._pairs.set_pairs(preview.names, preview.original_sizes, preview.originals, preview.images)
        self._fit.set_pictures([qimage_of(image) for image in preview.originals], preview.original_sizes)
        for part in self._of_pictures:
            part.setVisible(len(preview.images) > 0)

    def show_facts(self, lines: Sequence[str]) -> None:
        """Show what was found, a sentence a line."""
        self._facts.setText("\n".join(lines))

    def show_config(self, config: RunConfig) -> None:
        """Show how the pictures become square."""
        self._fit.show_choice(config.data.fit, config.data.background)

    def offer_copies(self, text: str) -> None:
        """Offer to leave out the near-duplicates; an empty text offers nothing."""
        self._copies.setText(text)
        self._copies.setVisible(bool(text))

    def offer_back(self, text: str) -> None:
        """Offer to use again what was left out by hand; an empty text offers nothing."""
        self._back.setText(text)
        self._back.setVisible(bool(text))

    def recommend(self, preset: Preset, heading: str, *lines: str) -> None:
        """Show a preset, and lines on why it is recommended."""
        self._preset_heading.setText(heading)
        self._card.show_preset(preset, *lines)

    def show_expected(self, preset: Preset, lines: Sequence[str], *, is_long: bool) -> None:
        """Show what to expect: samples of the chosen preset, and lines, in the colour of a warning if it takes long."""
        self._sheet.setPixmap(preset_pixmap(preset, SHEET_SIDE, self.devicePixelRatio()))
        self._sheet.setVisible(preset.picture is not None)
        self._expected.setText("\n".join(lines))
        role = QPalette.ColorRole.BrightText if is_long else QPalette.ColorRole.WindowText
        self._expected.setForegroundRole(role)

    def retranslate(self) -> None:
        """Set every text of its own; the presenter writes what was found and what to expect."""
        self.setAccessibleName(self.tr("Your pictures"))
        self._heading.setText(self._source)
        self._heading.setToolTip(paragraphs(self._place))
        self._facts.setToolTip(self.tr("What was found when looking at the pictures."))
        self._fit_heading.setText(self.tr("How they become square"))
        self._copies.setAccessibleName(self.tr("Leave out near-duplicates"))
        self._copies.setToolTip(self.tr("Of pictures that are nearly the same, only the first is trained on."))
        self._back.setAccessibleName(self.tr("Use the pictures again that were left out"))
        self._back.setToolTip(self.tr("Train again on every picture that you left out by hand."))
        self._others.setText(self.tr("Starter pictures"))
        self._others.setAccessibleName(self.tr("Starter pictures"))
        self._others.setToolTip(self.tr("Go back to the pictures that come with GAN Studio."))
        if not self._card.text():  # else it names the preset
            self._card.setAccessibleName(self.tr("Recommended preset"))
            self._card.setToolTip(self.tr("Use the preset that suits these pictures."))
        self._presets.setText(self.tr("All presets…"))
        self._presets.setAccessibleName(self.tr("All presets"))
        self._presets.setToolTip(self.tr("Compare the presets: samples, purpose, source and cost of each."))
        self._start.setText(self.tr("Start training"))
        self._sheet.setAccessibleName(self.tr("Samples of the chosen preset"))
        self._sheet.setToolTip(
            self.tr(
                "Samples of the chosen preset after two minutes on two CPU cores,"
                " on Fashion-MNIST or CIFAR-10 at 32 × 32."
            )
        )
        self._start.setAccessibleName(self.tr("Start training on these pictures"))
        self._start.setToolTip(self.tr("Begin a run with the set-up as it is."))
        self._expected.setToolTip(
            self.tr(
                "Estimated from the layers and the measured speed of this machine. The real time may be twice as long."
            )
        )

    def follow_palette(self) -> None:
        """Draw the icon of the start."""
        self._start.setIcon(icon("play", self.palette()))

    def _connect(self) -> None:
        self._pairs.left_out.connect(self.left_out)
        self._pairs.copied.connect(self.copied)
        self._copies.clicked.connect(self.copies_left_out)
        self._back.clicked.connect(self.brought_back)
        self._fit.chosen.connect(self.fit_chosen)
        self._card.clicked.connect(self.preset_wanted)
        self._presets.clicked.connect(self.presets_wanted)
        self._start.clicked.connect(self.start_wanted)
        self._others.clicked.connect(self.others_wanted)

    def _build(self) -> None:
        names = {
            "picturesHeading": self._heading,
            "picturesFacts": self._facts,
            "expectedLabel": self._expected,
            "expectedSheet": self._sheet,
            "leaveCopiesOutButton": self._copies,
            "bringBackButton": self._back,
            "otherPicturesButton": self._others,
            "allPresetsButton": self._presets,
            "startTrainingButton": self._start,
            "recommendedPresetCard": self._card,
        }
        self.setObjectName("picturesPage")
        for name, part in names.items():
            part.setObjectName(name)
        self._heading.setFont(_bold(self.font(), 1.5))
        for heading in (self._fit_heading, self._preset_heading):
            heading.setFont(_bold(self.font(), 1.0))
        for label in (self._facts, self._expected):
            label.setWordWrap(True)
        for label in (self._heading, self._facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._copies.hide()
        self._back.hide()
        self._arrange()

    def _arrange(self) -> None:
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(8)
        inside.addLayout(_row(self._heading, None, self._others))
        inside.addWidget(self._facts)
        inside.addWidget(self._pairs)
        inside.addLayout(_row(self._copies, self._back, None))
        inside.addSpacing(4)
        inside.addWidget(self._fit_heading)
        inside.addWidget(self._fit)
        inside.addSpacing(4)
        inside.addLayout(_row(self._preset_heading, None, self._presets))
        inside.addWidget(self._card)
        inside.addSpacing(4)
        inside.addLayout(_row(self._sheet, self._expected, self._start))
        inside.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(column, 1000)
        line.addStretch(1)


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Lay out parts side by side; None takes the room that is left, else a text does."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            takes_room = isinstance(part, QLabel) and part.wordWrap() and None not in parts
            row.addWidget(part, 1 if takes_room else 0)
    return row


def _bold(font: QFont, factor: float) -> QFont:
    result = QFont(font)
    result.setPointSizeF(font.pointSizeF() * factor)
    result.setBold(True)
    return result
