"""Configuration form: one row for each setting of a group; rarely used settings are folded away."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.schema import FieldSpec, RunConfig, value_at
from gan_studio.ui.setup.collapsible_section import CollapsibleSection
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.field_groups import PARTS, FieldGroup, specs_of
from gan_studio.ui.setup.fields.field_editor import FieldEditor
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate


class ConfigForm(Retranslating, QWidget):
    """The settings of one group. The RunConfig itself is kept by the set-up panel.

    Signals:
        committed(str, object): a person changed a setting: its dotted path and its new value.
    """

    committed = Signal(str, object)

    def __init__(self, group: FieldGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        specs = specs_of(group)
        self._specs: Mapping[str, FieldSpec] = {spec.path: spec for spec in specs}
        self._editors: Mapping[str, FieldEditor] = {spec.path: FieldEditor(spec) for spec in specs}
        self._values: dict[str, object] = {spec.path: spec.default for spec in specs}
        self._parts = PARTS.get(group, {})
        self._sections: dict[str, CollapsibleSection] = {}
        self._build()
        self.retranslate()

    def show_config(self, config: RunConfig) -> None:
        """Show the values of a configuration without a signal."""
        for path, editor in self._editors.items():
            self._values[path] = value_at(config, path)
            editor.set_value(value_at(config, path))
        self.retranslate()

    def settle(self) -> None:
        """Accept or refuse what is still being typed."""
        for editor in self._editors.values():
            editor.settle()

    def set_locked(self, is_locked: bool) -> None:
        """Disable all but the live settings while a run is open."""
        for editor in self._editors.values():
            editor.set_locked(is_locked)

    def search(self, words: Sequence[str]) -> int:
        """Show only the settings that are about all words, and count them; without words, show every setting."""
        found = {path for path, editor in self._editors.items() if editor.is_about(words)}
        for path, editor in self._editors.items():
            editor.setVisible(path in found)
        for part, section in self._sections.items():
            is_wanted = any(self._specs[path].name in self._parts[part] for path in found)
            section.show_found(is_wanted if words else None)
        return len(found)

    def retranslate(self) -> None:
        """Set the titles of the parts, which count the settings that differ from their defaults."""
        titles = {"moreData": self.tr("More"), "tricks": self.tr("Tricks"), "averages": self.tr("Averages and decay")}
        for name, section in self._sections.items():
            changed = self._changed_titles(self._parts[name])
            if changed:
                title = self.tr("{part} \u00b7 {count} changed").format(part=titles[name], count=len(changed))
                detail = self.tr("Changed from the default: {settings}.").format(settings=", ".join(changed))
                section.set_title(title, detail)
            else:
                section.set_title(titles[name], self.tr("All settings here have their default values."))

    def _changed_titles(self, names: Sequence[str]) -> list[str]:
        specs = [spec for spec in self._specs.values() if spec.name in names]
        return [translate(spec.title) for spec in specs if self._values[spec.path] != spec.default]

    def _commit(self, path: str, value: object) -> None:
        self._values[path] = value
        self.retranslate()
        self.committed.emit(path, value)

    def _build(self) -> None:
        for editor in self._editors.values():
            editor.committed.connect(self._commit)
        folded = {name for names in self._parts.values() for name in names}
        column = fill_column(
            self, [self._editors[spec.path] for spec in self._specs.values() if spec.name not in folded]
        )
        for part, names in self._parts.items():
            body = QWidget()
            rows = fill_column(body, [self._editors[path] for path, spec in self._specs.items() if spec.name in names])
            rows.setContentsMargins(12, 0, 0, 4)
            self._sections[part] = CollapsibleSection(body, f"{part}Part", is_part=True)
            column.addWidget(self._sections[part])
