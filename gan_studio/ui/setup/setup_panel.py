"""The set-up of a run: data, model, training and record, in parts that fold away."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gan_studio.engine.config import RunConfig, field_specs, value_at, with_values
from gan_studio.engine.messages import Message
from gan_studio.ui.setup.collapsible_section import CollapsibleSection
from gan_studio.ui.setup.config_form import ConfigForm
from gan_studio.ui.setup.data_panel import DataPanel
from gan_studio.ui.setup.model_table import ModelTable

_PATHS = {spec.name: spec.path for spec in field_specs()}


class SetupPanel(QScrollArea):
    """The content of the run set-up dock; keeps the RunConfig that it shows.

    Signals:
        config_changed(object): the RunConfig after a person changed a setting; never while locked.
        knob_changed(str, float): name and value of a live setting (or "steps") that a person changed while locked.
        folder_wanted(): a person wants to choose a folder of pictures.
    """

    config_changed = Signal(object)
    knob_changed = Signal(str, float)
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = RunConfig()
        self._is_locked = False
        self._data = DataPanel()
        self._forms = (ConfigForm("model"), ConfigForm("training"), ConfigForm("record"))
        self._model_table = ModelTable()
        self._sections = self._make_sections()
        self._build()
        self._connect()
        self.retranslate()

    def config(self) -> RunConfig:
        """Return the configuration, with what is still being typed (taken or refused first)."""
        for part in (self._data, *self._forms):
            part.settle()
        return self._config

    def set_config(self, config: RunConfig) -> None:
        """Show a configuration without a signal."""
        self._config = config
        for part in (self._data, *self._forms, self._model_table):
            part.show_config(config)

    def set_locked(self, is_locked: bool) -> None:
        """Hold all but the live settings while a run is open."""
        self._is_locked = is_locked
        for part in (self._data, *self._forms):
            part.set_locked(is_locked)

    def set_knob(self, name: str, value: float) -> None:
        """Show a live setting (or "steps") that was changed elsewhere, without a signal."""
        path = _PATHS[name]
        kind = type(value_at(self._config, path))
        self.set_config(with_values(self._config, {path: kind(value)}))

    def set_preview(self, images: NDArray[np.uint8], count: int, text: str) -> None:
        """Show some pictures of the data: uint8 [N, H, W, 1 or 3], how many there are in all, and their name."""
        self._data.set_preview(images, count, text)

    def set_left_out(self, left_out: Sequence[tuple[str, Message]]) -> None:
        """Show which files were left out, and why."""
        self._data.set_left_out(left_out)

    def retranslate(self) -> None:
        """Set the titles of the parts."""
        self.setAccessibleName(self.tr("Run set-up"))
        titles = (self.tr("Data"), self.tr("Model"), self.tr("Training"), self.tr("Layers"), self.tr("Record"))
        for section, title in zip(self._sections, titles, strict=True):
            section.set_title(title)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def sizeHint(self) -> QSize:
        """Ask for the width of a dock."""
        return QSize(310, 640)

    def minimumSizeHint(self) -> QSize:
        """Keep titles and editors side by side."""
        return QSize(280, 160)

    def _make_sections(self) -> tuple[CollapsibleSection, ...]:
        model, training, record = self._forms
        return (
            CollapsibleSection(self._data, "dataSection"),
            CollapsibleSection(model, "modelSection"),
            CollapsibleSection(training, "trainingSection"),
            CollapsibleSection(self._model_table, "layersSection"),
            CollapsibleSection(record, "recordSection"),
        )

    def _build(self) -> None:
        self.setObjectName("setupPanel")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(content)

    def _connect(self) -> None:
        self._data.folder_wanted.connect(self.folder_wanted)
        for part in (self._data, *self._forms):
            part.committed.connect(self._commit)

    def _commit(self, path: str, value: object) -> None:
        self._config = with_values(self._config, {path: value})
        self._model_table.show_config(self._config)
        if self._is_locked:
            self.knob_changed.emit(path.rpartition(".")[2], float(value_at(self._config, path)))
        else:
            self.config_changed.emit(self._config)
