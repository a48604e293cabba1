"""Retranslating: the mixin that keeps a widget in the language and the colours of the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Widget = object
    """Each widget names its Qt class after the mixin, so the mixin itself must not be a Qt class."""


class Retranslating(_Widget):
    """Mixin of a widget that sets its texts again when the language changes.

    Put it before the Qt class: `class StatusBar(Retranslating, QStatusBar)`. The widget itself calls `retranslate()` at
    the end of its constructor, when all its parts exist.
    """

    def retranslate(self) -> None:
        """Set every text in the language of the application."""
        raise NotImplementedError(f"{type(self).__name__} does not set its texts")

    def follow_palette(self) -> None:
        """Colour icons and lines again. Called on PaletteChange; does nothing unless the widget overrides it."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self.follow_palette()
