"""Plain text as the rich text that tooltips need in order to wrap."""

from html import escape


def paragraphs(*texts: str) -> str:
    """Make one paragraph of each text that is not empty."""
    return "".join(f"<p style='margin: 2px'>{escape(text)}</p>" for text in texts if text)
