"""Configuration form: one row for each setting of a group; rarely used settings are folded away."""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gan_studio.engine.config.schema import FieldSpec, RunConfig, field_specs, value_at
from gan_studio.ui.setup.collapsible_section import CollapsibleSection
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.fields.field_editor import FieldEditor
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

FieldGroup = Literal["data", "model", "training", "record"]

ELSEWHERE = frozenset({"preset", "device", "data.source"})
"""Settings that are not in the form, because the toolbar edits them."""

PARTS: Mapping[FieldGroup, Mapping[str, tuple[str, ...]]] = {
    "data": {"moreData": ("fit", "background", "flip", "classes", "most", "held_out", "leave_out", "member", "layout")},
    "training": {
        "tricks": (
            *("d_steps", "gradient_penalty", "r1", "label_smoothing", "instance_noise", "instance_noise_half_life"),
            *("augment_color", "augment_translation", "augment_cutout", "train_d", "train_g"),
        ),
        "averages": ("ema_half_life", "rate_half_life", "beta1", "beta2"),
    },
}
"""Parts of a group that fold away, each with its settings in order. All other settings are above the parts."""

_BEGINNING = ("loss", "batch_size", "learning_rate_g", "learning_rate_d", "steps")


def specs_of(group: FieldGroup) -> tuple[FieldSpec, ...]:
    """List the settings of a group in the order of the form. The training group includes those without a section."""
    specs = [spec for spec in field_specs() if spec.path not in ELSEWHERE]
    inside = [spec for spec in specs if spec.path.startswith(f"{group}.")]
    beside = [spec for spec in specs if "." not in spec.path] if group == "training" else []
    places = {name: place for place, name in enumerate([*_BEGINNING, *(spec.name for spec in beside)])}
    folded = [name for names in PARTS.get(group, {}).values() for name in names]
    places |= {name: len(specs) + place for place, name in enumerate(folded)}
    return tuple(sorted((*inside, *beside), key=lambda spec: places.get(spec.name, len(_BEGINNING))))


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
        self._build(group)
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

    def _build(self, group: FieldGroup) -> None:
        for editor in self._editors.values():
            editor.committed.connect(self._commit)
        folded = {name for names in self._parts.values() for name in names}
        column = fill_column(
            self, [self._editors[path] for path, spec in self._specs.items() if spec.name not in folded]
        )
        for part, names in self._parts.items():
            body = QWidget()
            rows = fill_column(body, [self._editors[f"{group}.{name}"] for name in names])
            rows.setContentsMargins(12, 0, 0, 4)
            self._sections[part] = CollapsibleSection(body, f"{part}Part", is_part=True)
            column.addWidget(self._sections[part])
