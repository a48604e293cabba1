"""A line for a setting that is a text."""

from pydantic import ValidationError
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gan_studio.engine.config.schema import FieldSpec, RunConfig, with_values


class TextBox(QLineEdit):
    """Edits one text that the schema accepts.

    Nothing is told while a person types: a text counts when it is settled by Enter or by leaving the line.

    Signals:
        committed(object): a person settled on another text (str).
        refused(str): what was typed is not allowed and the text stays as it was.
    """

    committed = Signal(object)
    refused = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._value = str(spec.default)
        self._is_typing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textEdited.connect(self._begin_typing)
        self.editingFinished.connect(self.settle)
        self.retranslate()
        self._show_value()

    def retranslate(self) -> None:
        """Say what an empty line means, where it may be empty."""
        self.setPlaceholderText(self.tr("all") if self._is_allowed("") else "")

    def value(self) -> str:
        """Return the settled text."""
        return self._value

    def set_value(self, value: str) -> None:
        """Take a text without a signal; what is being typed stays and is judged when settled."""
        self._value = value
        if not self._is_typing:
            self._show_value()

    def settle(self) -> None:
        """Take what was typed, or refuse it and show the text again."""
        if not self._is_typing:
            return
        typed = self.text().strip()
        changed, is_allowed = typed != self._value, self._is_allowed(typed)
        if is_allowed:
            self._value = typed
        self._show_value()
        if not is_allowed:
            self.refused.emit(typed)
        elif changed:
            self.committed.emit(typed)

    def revert(self) -> None:
        """Drop what was typed."""
        self._show_value()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape drop what was typed."""
        if event.key() == Qt.Key.Key_Escape and self._is_typing:
            self.revert()
        else:
            super().keyPressEvent(event)

    def _begin_typing(self) -> None:
        self._is_typing = True

    def _show_value(self) -> None:
        self._is_typing = False
        self.setText(self._value)
        self.setCursorPosition(0)

    def _is_allowed(self, text: str) -> bool:
        try:
            with_values(RunConfig(), {self._spec.path: text})
        except ValidationError:
            return False
        return True
