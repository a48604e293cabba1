"""How far a picture is enlarged to fill an area."""

_WASTE = 0.85
"""Sharp pixels are enlarged by a whole number if that fills at least this share of the length."""


def enlargement(exact: float, *, is_smooth: bool) -> float:
    """Return the screen pixels per pixel of a picture, at most `exact`, which would fill the area.

    A sharp picture is enlarged by a whole number where that fills the area well, so that its pixels are equal squares.
    """
    return float(int(exact)) if not is_smooth and int(exact) >= _WASTE * exact else exact
