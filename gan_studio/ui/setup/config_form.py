"""A form made from the schema of a run: one row a setting."""

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gan_studio.engine.config import FieldSpec, RunConfig, field_specs, value_at
from gan_studio.ui.setup.field_editor import FieldEditor

FieldGroup = Literal["data", "model", "training", "record"]

ELSEWHERE = frozenset({"preset", "device", "data.source"})
"""Settings that the toolbar edits."""


def specs_of(group: FieldGroup) -> tuple[FieldSpec, ...]:
    """List the settings of one group in the order of the schema; seed and precision close the training group."""
    specs = [spec for spec in field_specs() if spec.path not in ELSEWHERE]
    inside = [spec for spec in specs if spec.path.startswith(f"{group}.")]
    beside = [spec for spec in specs if "." not in spec.path] if group == "training" else []
    return (*inside, *beside)


class ConfigForm(QWidget):
    """The settings of one group; the owner keeps the RunConfig.

    Signals:
        committed(str, object): dotted path of a setting, and the value that a person settled on.
    """

    committed = Signal(str, object)

    def __init__(self, group: FieldGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: Mapping[str, FieldEditor] = {spec.path: FieldEditor(spec) for spec in specs_of(group)}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for editor in self._editors.values():
            column.addWidget(editor)
            editor.committed.connect(self.committed)

    def show_config(self, config: RunConfig) -> None:
        """Show the values of a configuration without a signal."""
        for path, editor in self._editors.items():
            editor.set_value(value_at(config, path))

    def settle(self) -> None:
        """Take or refuse what is still being typed."""
        for editor in self._editors.values():
            editor.settle()

    def set_locked(self, is_locked: bool) -> None:
        """Disable all but the live settings while a run is open."""
        for editor in self._editors.values():
            editor.set_locked(is_locked)
