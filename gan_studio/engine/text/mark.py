"""The mark that lupdate looks for, without Qt."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802  (the name that lupdate extracts)
    """Return `text` unchanged; lupdate finds it under `context`."""
    return text
