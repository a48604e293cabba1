"""PresetsDialog: every preset as a card: its samples, purpose, source and cost."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gan_studio.engine.config.presets import Preset
from gan_studio.ui.pictures.preset_card import PresetCard
from gan_studio.ui.widgets.retranslating import Retranslating

FIRST_SIZE = QSize(720, 640)

PresetRow = tuple[Preset, str]
"""A preset, and what it costs on this machine."""


class PresetsDialog(Retranslating, QDialog):
    """Lists the presets; a click on one chooses it."""

    def __init__(self, rows: Sequence[PresetRow], chosen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice: str | None = None
        self._cards = [self._card(*row) for row in rows]
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._about = QLabel(wordWrap=True)
        self._buttons.rejected.connect(self.reject)
        self._build()
        self.retranslate()
        for (preset, _), card in zip(rows, self._cards, strict=True):
            if preset.name == chosen:
                card.setFocus()

    def retranslate(self) -> None:
        """Set every text of its own."""
        self.setWindowTitle(self.tr("Presets"))
        self._about.setText(
            self.tr(
                "Each picture shows samples after two minutes of training on two CPU cores, on Fashion-MNIST or"
                " CIFAR-10 at 32 × 32. A preset that needs a GPU or a night looks unfinished here."
            )
        )

    def _card(self, preset: Preset, cost: str) -> PresetCard:
        card = PresetCard()
        card.setObjectName(f"preset {preset.name}")
        source = self.tr("Source: {source}").format(source=preset.source) if preset.source else ""
        card.show_preset(preset, preset.summary, cost, source)
        card.clicked.connect(partial(self._choose, preset.name))
        return card

    def _choose(self, name: str) -> None:
        self.choice = name
        self.accept()

    def _build(self) -> None:
        self.setObjectName("presetsDialog")
        self._about.setObjectName("presetsAbout")
        self._about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.resize(FIRST_SIZE)
        content = QWidget()
        cards = QVBoxLayout(content)
        cards.setSpacing(8)
        for card in self._cards:
            cards.addWidget(card)
        area = QScrollArea()
        area.setObjectName("presetsArea")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(content)
        column = QVBoxLayout(self)
        column.addWidget(self._about)
        column.addWidget(area, 1)
        column.addWidget(self._buttons)


class AskPreset:
    """Ask which preset to use."""

    @staticmethod
    def ask(parent: QWidget, rows: Sequence[PresetRow], chosen: str) -> str | None:
        """Return the name of a preset, or None when the question was cancelled."""
        dialog = PresetsDialog(rows, chosen, parent)
        dialog.exec()
        dialog.deleteLater()
        return dialog.choice
