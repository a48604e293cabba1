"""Layout that the parts of the set-up dock share: widgets one below the other, without margins."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget


def fill_column(widget: QWidget, parts: Iterable[QWidget], spacing: int = 6) -> QVBoxLayout:
    """Lay out parts one below the other inside a widget and return the layout; `spacing` is in pixels."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for part in parts:
        column.addWidget(part)
    return column
