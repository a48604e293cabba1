"""Flag box: a check box for a setting that is on or off."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

LEAST_HEIGHT = 22
"""Pixels; the row is nearly as high as those of other settings."""


class FlagBox(QCheckBox):
    """A check box without text; its title is the label of the row.

    Signals:
        committed(object): a person switched it (bool).
    """

    committed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.clicked.connect(self._commit)

    def value(self) -> bool:
        """Return whether the setting is on."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show on or off without a signal."""
        self.setChecked(value)

    def _commit(self, is_on: bool) -> None:
        self.committed.emit(is_on)
