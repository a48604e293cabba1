"""Sizes in bytes and durations as people read them."""

NARROW_SPACE = "\u202f"
"""Narrow no-break space: keeps a number and its unit on one line."""

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def duration_text(seconds: float) -> str:
    """Write a duration in its largest unit, rounded: "5 s", "4 min", "3 h", "5 d"."""
    if seconds < 60:
        return f"{max(round(seconds), 1)}{NARROW_SPACE}s"
    if seconds < 6000:
        return f"{round(seconds / 60)}{NARROW_SPACE}min"
    hours = seconds / 3600
    return f"{hours:.0f}{NARROW_SPACE}h" if hours < 48 else f"{hours / 24:.0f}{NARROW_SPACE}d"


def bytes_text(count: int) -> str:
    """Write a size with two or three digits in decimal units, 1 MB = 1 000 000 bytes: "1.5 GB"."""
    size, unit = float(count), 0
    while round(size) >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    number = f"{size:.0f}" if unit == 0 or size >= 9.95 else f"{size:.1f}"
    return f"{number}{NARROW_SPACE}{_UNITS[unit]}"


def number_text(value: float) -> str:
    """Write a number with up to 7 significant digits, whole ones in groups of three: "0.0002", "10 000"."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", NARROW_SPACE)
    return f"{value:.7g}"
