"""Search for latent sliders: read what a person typed."""

import re
from dataclasses import dataclass

_NUMBER = r"z?\s*(?P<{}>\d{{1,9}})"
_DASH = r"\s*(?P<dash>-|\u2013|:|\.\.)\s*"
_SPAN = re.compile(f"{_NUMBER.format('first')}(?:{_DASH}(?:{_NUMBER.format('last')})?)?", re.IGNORECASE)


@dataclass(frozen=True)
class FoundDimensions:
    """Result of a search.

    Attributes:
        shown: indices of z whose sliders are shown.
        highlighted: the one index to bring into view, or None.
    """

    shown: range
    highlighted: int | None = None


def find_dimensions(text: str, latent_dim: int) -> FoundDimensions | None:
    """Find indices of z by number.

    Args:
        text: "17" or "z 17" shows all and highlights one; "10-20" shows only those; "10-" shows all from 10 on;
            empty shows all.
        latent_dim: how many values z has.

    Returns:
        The result, or None if z has no such index or the text is no number.
    """
    if not text.strip():
        return FoundDimensions(range(latent_dim))
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    first = int(match["first"])
    if match["dash"] is None:
        return FoundDimensions(range(latent_dim), first) if first < latent_dim else None
    last = int(match["last"]) if match["last"] else latent_dim - 1
    shown = range(min(first, last), min(max(first, last) + 1, latent_dim))
    return FoundDimensions(shown) if shown else None
