"""PresetCard: one preset as a card: a picture of its samples, its names, its purpose, its cost."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.presets import Preset
from gan_studio.ui.widgets.card_button import CardButton
from gan_studio.ui.widgets.rich_text import paragraphs

SIDE = 96
"""Pixels a side of the picture."""


class PresetCard(CardButton):
    """A button that shows a preset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("wrapped", parent)
        self._title.setObjectName("presetTitle")

    def show_preset(self, preset: Preset, *lines: str) -> None:
        """Show a preset, with lines below its title: its purpose, a reason, its cost."""
        name = "" if preset.name == preset.title else f"  ({preset.name})"
        self.set_texts(f"{preset.title}{name}", "\n".join(line for line in lines if line))
        self.setToolTip(paragraphs(preset.title, preset.summary, preset.source))
        self.set_picture(preset_pixmap(preset, SIDE, self.devicePixelRatio()))


def preset_pixmap(preset: Preset, side: int, ratio: float) -> QPixmap:
    """Return the samples of a preset, `side` logical pixels a side; a preset of the user has none."""
    if preset.picture is None:
        return QPixmap()
    pixmap = QPixmap.fromImage(_scaled(preset.picture, round(side * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def _scaled(picture: Path, side: int) -> QImage:
    """Load and scale a picture once: the page shows it again at every change of the set-up."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QImage(str(picture)).scaled(QSize(side, side), keep, smooth)
