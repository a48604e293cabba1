"""Rich text for tooltips, which do not wrap plain text."""

from html import escape


def paragraphs(*texts: str) -> str:
    """Return each text that is not empty as an HTML paragraph, escaped."""
    return "".join(f"<p style='margin: 2px'>{escape(text)}</p>" for text in texts if text)
