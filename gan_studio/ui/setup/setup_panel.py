"""Set-up panel: all settings of a run, in sections that fold away."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gan_studio.engine.config.schema import RunConfig, field_specs, value_at, with_values
from gan_studio.engine.library.advice import Expectation
from gan_studio.engine.text.message import Message
from gan_studio.ui.setup.collapsible_section import CollapsibleSection
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.config_form import ConfigForm
from gan_studio.ui.setup.cost_line import CostLine
from gan_studio.ui.setup.data.data_panel import DataPanel
from gan_studio.ui.setup.fine_tune_line import FineTuneLine
from gan_studio.ui.setup.model_table import ModelTable
from gan_studio.ui.widgets.retranslating import Retranslating

_PATHS = {spec.name: spec.path for spec in field_specs()}


class SetupPanel(Retranslating, QScrollArea):
    """The content of the set-up dock. It keeps the RunConfig that it shows.

    Signals:
        config_changed(object): a person changed a setting; the new RunConfig. Never emitted while locked.
        knob_changed(str, float): a person changed a live setting (or "steps") while locked: its name and new value.
        folder_wanted(): let the person choose a folder of pictures.
        file_wanted(): let the person choose a file that holds pictures.
        fine_tune_removed(): start the next run from random weights instead.
        part_folded(str, bool): a person opened a section (True) or folded it away (False); the text is its object name.
    """

    config_changed = Signal(object)
    knob_changed = Signal(str, float)
    folder_wanted = Signal()
    file_wanted = Signal()
    fine_tune_removed = Signal()
    part_folded = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = RunConfig()
        self._is_locked = False
        self._fine_tune = FineTuneLine()
        self._data = DataPanel()
        self._forms = (ConfigForm("model"), ConfigForm("training"), ConfigForm("record"))
        self._cost, self._model_table = CostLine(), ModelTable()
        self._sections = self._make_sections()
        self._build()
        self._connect()
        self.retranslate()

    def config(self) -> RunConfig:
        """Return the configuration. What is still being typed is accepted or refused first."""
        for part in (self._data, *self._forms):
            part.settle()
        return self._config

    def set_config(self, config: RunConfig) -> None:
        """Show a configuration without a signal."""
        self._config = config
        for part in (self._data, *self._forms, self._cost, self._model_table):
            part.show_config(config)

    def set_locked(self, is_locked: bool) -> None:
        """Disable all settings but the live ones while a run is open."""
        self._is_locked = is_locked
        for part in (self._data, *self._forms):
            part.set_locked(is_locked)

    def set_knob(self, name: str, value: float) -> None:
        """Show a new value of a live setting (or "steps") without a signal. For a flag, 0 is off and 1 is on."""
        path = _PATHS[name]
        kind = type(value_at(self._config, path))
        self.set_config(with_values(self._config, {path: kind(round(value)) if kind is int else kind(value)}))

    def set_preview(
        self, images: NDArray[np.uint8], count: int, text: str, sizes: tuple[int, int, int, int] | None = None
    ) -> None:
        """Show some pictures of the data; see DataPanel.set_preview for the arguments."""
        self._data.set_preview(images, count, text, sizes)

    def set_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show the classes and how many pictures each has; both are empty for pictures without labels."""
        self._data.set_classes(names, counts)
        self._cost.set_classes(len(names))
        self._model_table.set_classes(len(names))

    @property
    def expectation(self) -> Expectation | None:
        """What the set-up takes on this machine; None before it is measured."""
        return self._cost.expectation

    def set_speed(self, multiply_adds_per_second: float) -> None:
        """Set the measured speed of this machine, in multiply-adds a second; 0 means not measured yet."""
        self._cost.set_speed(multiply_adds_per_second)

    def set_notes(self, notes: Sequence[Message]) -> None:
        """Show how the source was understood, in sentences."""
        self._data.set_notes(notes)

    def set_taken(self, taken: Message | None) -> None:
        """Show what the settings took from the pictures; None: nothing."""
        self._data.set_taken(taken)

    def set_shares(self, trained: int, held_out: int, *, is_about: bool = False) -> None:
        """Show how many pictures a run trains on and how many are held out; see DataPanel.set_shares."""
        self._data.set_shares(trained, held_out, is_about=is_about)

    def parts(self) -> dict[str, bool]:
        """Map the object name of every section that folds away to whether it is open."""
        return {part.objectName(): part.is_open for part in self.findChildren(CollapsibleSection)}

    def open_part(self, name: str, is_open: bool) -> None:
        """Open a section or fold it away, without a signal; a name that does not exist changes nothing."""
        part = self.findChild(CollapsibleSection, name)
        if isinstance(part, CollapsibleSection):
            part.set_open(is_open)

    def set_fine_tune(self, origin: Path | None, name: str = "") -> None:
        """Show the run folder or weights file that the next run starts from; None hides the line."""
        self._fine_tune.set_origin(origin, name)

    def set_left_out(self, left_out: Sequence[tuple[str, Message]]) -> None:
        """Show which files were left out, and why."""
        self._data.set_left_out(left_out)

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Run set-up"))
        titles = (self.tr("Data"), self.tr("Model"), self.tr("Training"), self.tr("Layers"), self.tr("Saving"))
        for section, title in zip(self._sections, titles, strict=True):
            section.set_title(title)

    def sizeHint(self) -> QSize:
        """Ask for the width of a dock."""
        return QSize(320, 640)

    def minimumSizeHint(self) -> QSize:
        """Ask for enough width to keep titles and editors side by side."""
        return QSize(300, 160)

    def _make_sections(self) -> tuple[CollapsibleSection, ...]:
        model, training, record = self._forms
        layers = QWidget()
        fill_column(layers, (self._cost, self._model_table))
        return (
            CollapsibleSection(self._data, "dataSection"),
            CollapsibleSection(model, "modelSection"),
            CollapsibleSection(training, "trainingSection"),
            CollapsibleSection(layers, "layersSection"),
            CollapsibleSection(record, "recordSection"),
        )

    def _build(self) -> None:
        self.setObjectName("setupPanel")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        content = QWidget()
        column = fill_column(content, (self._fine_tune, *self._sections), spacing=8)
        column.setContentsMargins(8, 8, 8, 8)
        column.addStretch(1)
        self.setWidget(content)

    def _connect(self) -> None:
        self._fine_tune.removed.connect(self.fine_tune_removed)
        self._data.folder_wanted.connect(self.folder_wanted)
        self._data.file_wanted.connect(self.file_wanted)
        for part in (self._data, *self._forms):
            part.committed.connect(self._commit)
        for section in self.findChildren(CollapsibleSection):
            section.folded.connect(self.part_folded)

    def _commit(self, path: str, value: object) -> None:
        self._config = with_values(self._config, {path: value})
        self._cost.show_config(self._config)
        self._model_table.show_config(self._config)
        if self._is_locked:
            self.knob_changed.emit(path.rpartition(".")[2], float(value_at(self._config, path)))
        else:
            self.config_changed.emit(self._config)
