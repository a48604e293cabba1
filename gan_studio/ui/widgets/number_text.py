"""Numbers as people read them: grouped digits, significant digits, durations."""

GROUP = "\u202f"
"""Narrow no-break space: a thousands separator that cannot be read as a decimal mark (ISO 80000-1)."""


def grouped(number: int) -> str:
    """Write a whole number in groups of three digits: 10000 as "10 000"."""
    return f"{number:,}".replace(",", GROUP)


def significant(number: float, digits: int = 7) -> str:
    """Write a number with up to `digits` significant digits and no trailing zeros: 0.0002, 2e-05 as "2e-5", 50 000."""
    text = f"{number:.{digits}g}"
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        return grouped(int(number)) if number == int(number) and abs(number) < 1e15 else f"{mantissa}e{int(exponent)}"
    whole, point, rest = text.partition(".")
    return f"{grouped(int(whole)) if whole not in ('0', '-0') else whole}{point}{rest}"


def reading_text(value: float) -> str:
    """Write a value read from a curve: three decimals, or three digits of very small and large ones; NaN as "nan"."""
    if value != value or abs(value) == float("inf"):
        return str(value)
    return f"{value:.3f}" if value == 0 or 0.001 <= abs(value) < 100 else f"{value:.3g}"


def is_number(text: str) -> bool:
    """Tell whether a text is one number, as the functions above write it or as Python reads it."""
    try:
        float(text.replace(GROUP, ""))
    except ValueError:
        return False
    return True


def clock_text(seconds: float) -> str:
    """Write a duration as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
