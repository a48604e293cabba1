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
from gan_studio.ui.setup.fields.live_mark import LiveMark
from gan_studio.ui.setup.fine_tune_line import FineTuneLine
from gan_studio.ui.setup.model_table import ModelTable
from gan_studio.ui.setup.pinned_area import PinnedArea
from gan_studio.ui.setup.search_line import SearchLine
from gan_studio.ui.widgets.retranslating import Retranslating

LEAST_HEIGHT = 345
"""Pixels in which both areas can be used."""

LEAST_OF_THE_REST = 200
"""Pixels that the settings below the live ones keep."""

_PATHS = {spec.name: spec.path for spec in field_specs()}


class SetupPanel(Retranslating, QWidget):
    """The content of the set-up dock: a search, the live settings, which stay in sight, and all other settings.

    It keeps the RunConfig that it shows.

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
        self._search = SearchLine()
        self._data = DataPanel()
        self._live, self._basic = ConfigForm("live"), ConfigForm("basic")
        self._advanced = (ConfigForm("networks"), ConfigForm("learning"), ConfigForm("record"))
        self._forms = (self._live, self._basic, *self._advanced)
        self._cost, self._model_table = CostLine(), ModelTable()
        self._make_sections()
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
        self.retranslate()
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

    def search(self, words: Sequence[str]) -> None:
        """Show only the settings that are about all words, wherever they are folded away; without words, show all."""
        data, live, basic, *advanced = (part.search(words) for part in (self._data, *self._forms))
        counts = (live, data, basic, sum(advanced), *advanced, 0)
        for section, count in zip(self._sections, counts, strict=True):
            section.show_found(count > 0 if words else None)
        self._cost.setVisible(not words)
        self._search.show_found(live + data + basic + sum(advanced))

    def begin_search(self) -> None:
        """Give the keyboard to the search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Run set-up"))
        live = self.tr("Live: acts on the open run") if self._is_locked else self.tr("Live: also while a run trains")
        titles = (
            *(live, self.tr("Data"), self.tr("Basic"), self.tr("Advanced")),
            *(self.tr("Networks"), self.tr("Optimiser and speed"), self.tr("Saving"), self.tr("Layers")),
        )
        for section, title in zip(self._sections, titles, strict=True):
            section.set_title(title)

    def sizeHint(self) -> QSize:
        """Ask for the width of a dock."""
        return QSize(320, 640)

    def minimumSizeHint(self) -> QSize:
        """Ask for enough width to keep titles and editors side by side, and for some rows of either area."""
        return QSize(max(300, super().minimumSizeHint().width()), LEAST_HEIGHT)

    def _make_sections(self) -> None:
        basic, layers, advanced = QWidget(), QWidget(), QWidget()
        fill_column(basic, (self._basic, self._cost))
        fill_column(layers, (self._model_table,))
        names = ("modelSection", "trainingSection", "recordSection", "layersSection")
        bodies = (*self._advanced, layers)
        parts = [CollapsibleSection(body, name, is_part=True) for body, name in zip(bodies, names, strict=True)]
        fill_column(advanced, parts).setContentsMargins(12, 0, 0, 4)
        self._sections = (
            CollapsibleSection(self._live, "liveSection", mark=LiveMark()),
            CollapsibleSection(self._data, "dataSection"),
            CollapsibleSection(basic, "basicSection"),
            CollapsibleSection(advanced, "advancedSection", is_open=False),
            *parts,
        )

    def _build(self) -> None:
        self.setObjectName("setupPanel")
        live, data, basic, advanced, *_ = self._sections
        fields, content = QScrollArea(), QWidget()
        fields.setObjectName("setupFields")
        fields.setFrameShape(QFrame.Shape.NoFrame)
        fields.setWidgetResizable(True)
        fields.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fields.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        fields.setMinimumHeight(LEAST_OF_THE_REST)
        column = fill_column(content, (data, basic, advanced), spacing=8)
        column.setContentsMargins(8, 0, 8, 8)
        column.addStretch(1)
        fields.setWidget(content)
        top = QWidget()
        fill_column(top, (self._search, self._fine_tune)).setContentsMargins(8, 8, 8, 6)
        whole = fill_column(self, (top, PinnedArea(live), fields), spacing=4)
        whole.setStretchFactor(fields, 1)

    def _connect(self) -> None:
        self._search.searched.connect(self.search)
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
