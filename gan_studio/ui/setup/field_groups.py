"""Field groups: which settings stand together in the set-up dock, and in which order."""

from collections.abc import Mapping
from typing import Literal, get_args

from gan_studio.engine.config.schema import FieldSpec, field_specs

FieldGroup = Literal["live", "data", "basic", "networks", "learning", "record"]

GROUPS: tuple[FieldGroup, ...] = get_args(FieldGroup)
"""The groups, from the top of the dock to its end."""

ELSEWHERE = frozenset({"preset", "device", "data.source"})
"""Settings that are not in the dock, because the toolbar edits them."""

SETTABLE_IN_A_RUN = frozenset({"training.steps"})
"""Settings that are not knobs in the schema, but may also change during a run."""

BASIC = (
    *("model.architecture", "model.width", "model.latent_dim", "model.conditional"),
    *("training.loss", "seed"),
)
"""Settings that a new run is most often given, apart from the live ones and those of the data."""

PARTS: Mapping[FieldGroup, Mapping[str, tuple[str, ...]]] = {
    "live": {
        "tricks": (
            *("d_steps", "gradient_penalty", "r1", "label_smoothing", "instance_noise", "instance_noise_half_life"),
            *("augment_color", "augment_translation", "augment_cutout", "train_d", "train_g"),
        ),
        "averages": ("ema_half_life", "rate_half_life"),
    },
    "data": {"moreData": ("fit", "background", "flip", "classes", "most", "held_out", "leave_out", "member", "layout")},
}
"""Parts of a group that fold away, each with its settings in order. All other settings are above the parts."""

_BEGINNING = ("learning_rate_g", "learning_rate_d", "batch_size", "steps", *(path.split(".")[-1] for path in BASIC))


def is_live(spec: FieldSpec) -> bool:
    """Tell whether a setting may change during a run."""
    return spec.live or spec.path in SETTABLE_IN_A_RUN


def group_of(spec: FieldSpec) -> FieldGroup | None:
    """Return the group of a setting; None: it is edited in the toolbar."""
    if spec.path in ELSEWHERE:
        return None
    if is_live(spec):
        return "live"
    if spec.path in BASIC:
        return "basic"
    section = spec.path.partition(".")[0]
    groups: Mapping[str, FieldGroup] = {"data": "data", "record": "record", "model": "networks"}
    return groups.get(section, "learning")


def specs_of(group: FieldGroup) -> tuple[FieldSpec, ...]:
    """List the settings of a group in the order of the dock."""
    specs = [spec for spec in field_specs() if group_of(spec) == group]
    places = {name: place for place, name in enumerate(_BEGINNING)}
    folded = [name for names in PARTS.get(group, {}).values() for name in names]
    places |= {name: len(_BEGINNING) + 1 + place for place, name in enumerate(folded)}
    return tuple(sorted(specs, key=lambda spec: places.get(spec.name, len(_BEGINNING))))
