"""Settings that follow the pictures: what a person set wins, then the pictures, then the preset."""

from collections.abc import Collection

from gan_studio.engine.config.presets import CHANNELS, SIZE
from gan_studio.engine.config.schema import RunConfig, with_values
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
    return (with_values(config, taken), _sentence(taken)) if taken else (config, None)


def size_for(side: int) -> int:
    """Return the training size for pictures whose shorter sides have a median of `side` pixels."""
    return 32 if side < LEAST_SIDE_FOR_64 else 64


def _sentence(taken: dict[str, int]) -> Message:
    channels = _CHANNELS_TAKEN[taken[CHANNELS]] if CHANNELS in taken else None
    size = Message("data.taken.size", size=taken[SIZE]) if SIZE in taken else None
    if channels is not None and size is not None:
        return Message("data.taken.both", first=channels, second=size)
    return Message("data.taken.one", first=channels or size or "")
