"""Read what a person typed to find latent dimensions by number."""

import re
from dataclasses import dataclass

_NUMBER = r"z?\s*(?P<{}>\d{{1,9}})"
_DASH = r"\s*(?P<dash>-|\u2013|:|\.\.)\s*"
_SPAN = re.compile(f"{_NUMBER.format('first')}(?:{_DASH}(?:{_NUMBER.format('last')})?)?", re.IGNORECASE)


@dataclass(frozen=True)
class FoundDimensions:
    """What a search names.

    Attributes:
        shown: dimensions to show.
        highlighted: the one dimension to bring into view, or None.
    """

    shown: range
    highlighted: int | None = None


def find_dimensions(text: str, latent_dim: int) -> FoundDimensions | None:
    """Find dimensions by number.

    Args:
        text: "17" or "z 17" for one of all, "10-20" for those alone, "10-" from 10 on, empty for all.
        latent_dim: how many there are.

    Returns:
        What is named, or None where there is no such dimension.
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
