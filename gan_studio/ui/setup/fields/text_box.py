"""Text box: a line for a setting that is a text."""

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gan_studio.engine.config.schema import FieldSpec, RunConfig, with_values
from gan_studio.ui.widgets.retranslating import Retranslating


class TextBox(Retranslating, QLineEdit):
    """Edits one text within the limits of its FieldSpec.

    Typing alone changes nothing. Enter, or leaving the line, accepts the text or refuses it.

    Signals:
        committed(object): a person changed the text (str).
        refused(str): the typed text is not allowed; the text stays as it was.
    """

    committed = Signal(object)
    refused = Signal(str)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._value = str(spec.default)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editingFinished.connect(self.settle)
        self.retranslate()
        self._show_value()

    def retranslate(self) -> None:
        """Set the placeholder, which says what an empty line means."""
        meanings = {"data.member": self.tr("automatic"), "data.leave_out": self.tr("none")}
        empty = meanings.get(self._spec.path, self.tr("all"))
        self.setPlaceholderText(empty if self._is_allowed("") else "")

    def value(self) -> str:
        """Return the accepted text."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a text without a signal. What is being typed stays until it is accepted or refused."""
        self._value = value
        if not self.isModified():
            self._show_value()

    def settle(self) -> None:
        """Accept what was typed, or refuse it and show the text again."""
        if not self.isModified():
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
        """Discard what was typed."""
        self._show_value()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape discard what was typed."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.revert()
        else:
            super().keyPressEvent(event)

    def _show_value(self) -> None:
        self.setText(self._value)
        self.setCursorPosition(0)

    def _is_allowed(self, text: str) -> bool:
        try:
            with_values(RunConfig(), {self._spec.path: text})
        except ValidationError:
            return False
        return True
