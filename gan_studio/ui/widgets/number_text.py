"""Numbers as people read them: grouped digits, sizes, durations, significant digits."""

GROUP = "\u202f"
"""Narrow no-break space: the thousands separator that no language mistakes for a decimal mark (ISO 80000-1)."""

_SIZE_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def grouped(number: int) -> str:
    """Write a whole number in groups of three digits: 10000 as "10 000"."""
    return f"{number:,}".replace(",", GROUP)


def significant(number: float, digits: int = 7) -> str:
    """Write a number with up to `digits` significant digits and no idle zeros: 0.0002, 2e-05 as "2e-5", 50 000."""
    text = f"{number:.{digits}g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return grouped(int(number)) if number == int(number) and abs(number) < 1e15 else f"{mantissa}e{int(exponent)}"
    whole, point, rest = text.partition(".")
    return f"{grouped(int(whole)) if whole not in ('0', '-0') else whole}{point}{rest}"


def bytes_text(count: int) -> str:
    """Write a size in bytes with two or three digits and its unit, in steps of 1024: "1.5 GB"."""
    size, unit = float(count), 0
    while round(size) >= 1000 and unit < len(_SIZE_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    number = f"{size:.0f}" if unit == 0 or size >= 9.95 else f"{size:.1f}"
    return f"{number}{GROUP}{_SIZE_UNITS[unit]}"


def long_text(minutes: float) -> str:
    """Write a long duration roughly, in its largest unit: "4 min", "3 h", "5 d"."""
    if minutes < 100:
        return f"{max(round(minutes), 1)}{GROUP}min"
    hours = minutes / 60
    return f"{hours:.0f}{GROUP}h" if hours < 48 else f"{hours / 24:.0f}{GROUP}d"


def clock_text(seconds: float) -> str:
    """Write a duration as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
