"""Units of the settings that are numbers: shown after a number, and allowed where one is typed."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

_N = QT_TRANSLATE_NOOP

_PICTURES = (_N("Units", "picture"), _N("Units", "pictures"))
_STEPS = (_N("Units", "step"), _N("Units", "steps"))
_SECONDS = (_N("Units", "s"), _N("Units", "s"))

_UNITS: Mapping[str, tuple[str, str]] = {
    "data.most": _PICTURES,
    "training.batch_size": _PICTURES,
    "training.rate_half_life": _PICTURES,
    "training.instance_noise_half_life": _PICTURES,
    "training.ema_half_life": _PICTURES,
    "training.steps": _STEPS,
    "record.sample_every": _STEPS,
    "record.snapshot_every": _STEPS,
    "record.checkpoint_seconds": _SECONDS,
}
"""Dotted path of a setting to its unit: after 1, and after any other number."""


def with_unit(path: str, number: float, text: str) -> str:
    """Append the unit of a setting to a number, in the language of the window.

    0 gets no unit, because "0 pictures" would say the opposite: a setting at 0 is off, or takes all.

    Args:
        path: dotted path of the setting.
        number: decides between "step" and "steps".
        text: the number as it is shown.
    """
    if path not in _UNITS or number == 0:
        return text
    one, other = _UNITS[path]
    return f"{text}\u00a0{_translated(one if number == 1 else other)}"


def without_unit(path: str, typed: str) -> str:
    """Remove the unit of a setting from the end of what was typed, if it is there."""
    bare = typed.strip()
    for unit in sorted((_translated(name) for name in _UNITS.get(path, ())), key=len, reverse=True):
        if bare.lower().endswith(unit.lower()):
            return bare[: -len(unit)]
    return bare


def _translated(unit: str) -> str:
    return QCoreApplication.translate("Units", unit)
