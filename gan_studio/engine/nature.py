"""Nature: what the pictures of a source are like."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Nature:
    """What the pictures of a source are like.

    Attributes:
        looked_at: pictures that were decoded to find out; 0 for a known set, whose nature is published.
        channels: the fewest channels that keep what they show: 1 grey, 3 colour, 4 colour with transparency. A few
            transparent pictures among opaque ones are flattened instead.
        side: median of their shorter sides in pixels; 0 if unknown.
    """

    looked_at: int
    channels: int
    side: int
