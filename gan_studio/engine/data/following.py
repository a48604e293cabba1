"""Settings that follow the pictures: a person wins, then the weights to start from, the pictures, the preset."""

from collections.abc import Collection
from pathlib import Path

from gan_studio.engine.config.presets import CHANNELS, SIZE
from gan_studio.engine.config.schema import RunConfig, value_at, with_values
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import Message

LEAST_SIDE_FOR_64 = 48
"""Pictures whose shorter side has fewer pixels are trained at 32, others at 64: larger is a person's choice."""


_CHANNELS_TAKEN = {
    1: Message("data.taken.channels.1"),
    3: Message("data.taken.channels.3"),
    4: Message("data.taken.channels.4"),
}


def follow(config: RunConfig, nature: Nature, left: Collection[str]) -> tuple[RunConfig, Message | None]:
    """Set what is left to the pictures.

    Args:
        config: a set-up.
        nature: what its pictures are like.
        left: paths that the pictures decide.

    Returns:
        The set-up, and one sentence on what was taken from the pictures; None if nothing is left to them.
    """
    taken: dict[str, int] = {}
    if CHANNELS in left:
        taken[CHANNELS] = nature.channels
    if SIZE in left and nature.side:
        taken[SIZE] = size_for(nature.side)
    if not taken:
        return config, None
    return with_values(config, taken), Message("data.taken.pictures", settings=_settings(taken))


def fit_to(config: RunConfig, origin: RunConfig, path: Path, left: Collection[str]) -> tuple[RunConfig, Message | None]:
    """Set what is left to the pictures so that weights fit: as in the set-up `origin`, which they come from.

    Args:
        config: a set-up.
        origin: the set-up of the networks whose weights it starts from.
        path: where these weights are.
        left: paths that the pictures would decide.

    Returns:
        As `follow`.
    """
    taken = {name: int(value_at(origin, name)) for name in (CHANNELS, SIZE) if name in left}
    if not taken:
        return config, None
    return with_values(config, taken), Message("data.taken.origin", path=path, settings=_settings(taken))


def size_for(side: int) -> int:
    """Return the training size for pictures whose shorter sides have a median of `side` pixels."""
    return 32 if side < LEAST_SIDE_FOR_64 else 64


def _settings(taken: dict[str, int]) -> Message:
    parts = [_CHANNELS_TAKEN[taken[CHANNELS]]] if CHANNELS in taken else []
    parts += [Message("data.taken.size", size=taken[SIZE])] if SIZE in taken else []
    return parts[0] if len(parts) == 1 else Message("data.taken.both", first=parts[0], second=parts[1])
