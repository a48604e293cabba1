"""The limits of live settings: what a knob may be set to, whoever asks for it, a person or a file."""

from gan_studio.engine.config.schema import LIVE_KNOBS


def is_allowed(name: str, value: float) -> bool:
    """Tell whether there is a live setting of this name, and it may have this value; NaN never may."""
    spec = LIVE_KNOBS.get(name)
    if spec is None or (spec.kind == "flag" and value not in (0, 1)) or (spec.kind == "int" and value % 1):
        return False
    low = spec.minimum is None or value > spec.minimum or (value == spec.minimum and not spec.open_minimum)
    high = spec.maximum is None or value < spec.maximum or (value == spec.maximum and not spec.open_maximum)
    return low and high
