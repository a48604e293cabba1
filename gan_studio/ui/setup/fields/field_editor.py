"""Field editor: one row of the form, with title, editor and a hint when a typed value is refused."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gan_studio.engine.config.schema import FieldSpec
from gan_studio.ui.setup.field_groups import is_live
from gan_studio.ui.setup.fields.choice_box import ChoiceBox
from gan_studio.ui.setup.fields.colour_box import ColourBox
from gan_studio.ui.setup.fields.flag_box import FlagBox
from gan_studio.ui.setup.fields.number_box import NumberBox
from gan_studio.ui.setup.fields.number_units import with_unit
from gan_studio.ui.setup.fields.text_box import TextBox
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.number_text import grouped, significant
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.translate import translate

EDITOR_WIDTH = 124
"""Pixels; all editors have the same width, so that they form a column."""

MOST_QUOTED = 40
"""Characters of a refused text that the hint repeats."""

COLOURS = frozenset({"data.background"})
"""Text settings that are colours."""

Editor = NumberBox | ChoiceBox | FlagBox | TextBox | ColourBox
TYPED = (NumberBox, TextBox, ColourBox)
"""Editors that a person types into, so that they may have to refuse a text."""


class FieldEditor(Retranslating, QWidget):
    """One row of a form. The object name of the editor comes from the setting: `batchSizeField`.

    Signals:
        committed(str, object): a person changed the setting: its dotted path and its new value.
    """

    committed = Signal(str, object)

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._is_locked = False
        self._refused_text = self._limited_text = ""
        self._title = ElidedLabel()
        self._hint = QLabel()
        self._editor = _editor_for(spec)
        self._build()
        self._connect()
        self.retranslate()

    @property
    def is_live(self) -> bool:
        """Whether the setting may change during a run."""
        return is_live(self._spec)

    def is_about(self, words: Sequence[str]) -> bool:
        """Tell whether every word (case is ignored) is in the texts, the choices or the path of the setting."""
        return is_about(self._spec, words)

    def set_value(self, value: int | float | str) -> None:
        """Show a value without a signal. What was said of a typed value stays while it is true."""
        if value != self._editor.value():
            self._say_nothing()
        match self._editor, value:
            case ChoiceBox() as box, int() | str() as choice:
                box.set_value(choice)
            case FlagBox() as box, bool() as flag:
                box.set_value(flag)
            case TextBox() | ColourBox() as box, str() as text:
                box.set_value(text)
            case NumberBox() as box, int() | float() as number:
                box.set_value(number)

    def settle(self) -> None:
        """Accept or refuse what is still being typed."""
        if isinstance(self._editor, TYPED):
            self._editor.settle()

    def set_locked(self, is_locked: bool) -> None:
        """Disable the setting while a run is open, unless it is live. Disabling discards what is being typed."""
        self._is_locked = is_locked
        is_enabled = self.is_live or not is_locked
        if not is_enabled and isinstance(self._editor, TYPED):
            self._editor.revert()
            self._say_nothing()
        self._editor.setEnabled(is_enabled)
        self._title.setEnabled(is_enabled)
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        title, help_text = translate(self._spec.title), translate(self._spec.help)
        reason = ""
        if self._is_locked and not self.is_live:
            reason = self.tr("Fixed while a run is open. A new run can have another value.")
        elif self.is_live:
            reason = self.tr("Live setting: can be changed during a run.")
        tip = paragraphs(help_text, self._limits_text(), reason)
        self._title.set_full_text(title)
        self._title.setToolTip(tip)
        self._editor.setAccessibleName(title)
        self._editor.setAccessibleDescription(help_text)
        self._editor.setToolTip(tip)
        self._editor.setWhatsThis(paragraphs(help_text, self._limits_text()))
        self._show_hint()

    def _build(self) -> None:
        self._editor.setObjectName(_object_name(self._spec.name))
        self._editor.setFixedWidth(EDITOR_WIDTH)
        self._title.setBuddy(self._editor)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(QPalette.ColorRole.BrightText)
        self._hint.setObjectName(f"{_object_name(self._spec.name)}Hint")
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._title)
        line.addStretch(1)
        line.addWidget(self._editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        if isinstance(self._editor, TYPED):
            self._editor.refused.connect(self._say_refused)
        if isinstance(self._editor, NumberBox):
            self._editor.limited.connect(self._say_limited)
        self._editor.committed.connect(self._commit)

    def _commit(self, value: object) -> None:
        self._say_nothing()
        self.committed.emit(self._spec.path, value)

    def _say_nothing(self) -> None:
        self._refused_text = self._limited_text = ""
        self._show_hint()

    def _say_refused(self, typed: str) -> None:
        self._refused_text, self._limited_text = typed, ""
        self._show_hint()

    def _say_limited(self, typed: str) -> None:
        self._refused_text, self._limited_text = "", typed
        self._show_hint()

    def _show_hint(self) -> None:
        """Show what became of a typed value that is not allowed."""
        typed = self._refused_text or self._limited_text
        self._hint.setVisible(bool(typed))
        if typed and isinstance(self._editor, TYPED):
            quoted = typed if len(typed) <= MOST_QUOTED else f"{typed[:MOST_QUOTED]}\u2026"
            text = self.tr("{typed} is outside the limits. {limits} The value is now {value}.")
            if self._refused_text:
                text = self.tr("{typed} is not allowed. {limits} The value stays {value}.")
            self._hint.setText(text.format(typed=quoted, limits=self._limits_text(), value=self._value_text()))

    def _value_text(self) -> str:
        value = self._editor.value()
        return value or self.tr("empty") if isinstance(value, str) else self._number_text(value)

    def _limits_text(self) -> str:
        if self._spec.path in COLOURS:
            return self.tr("Allowed: # and six hexadecimal digits, such as #ff8800.")
        low, high = self._spec.minimum, self._spec.maximum
        if low is None or high is None:
            return ""
        most = with_unit(self._spec.path, high, self._number_text(high))
        return self._limits_template().format(low=self._number_text(low), high=most)

    def _limits_template(self) -> str:
        match self._spec.open_minimum, self._spec.open_maximum:
            case False, False if self._spec.kind == "int":
                return self.tr("Allowed: whole numbers from {low} to {high}.")
            case False, False:
                return self.tr("Allowed: {low} to {high}.")
            case True, False:
                return self.tr("Allowed: above {low}, up to {high}.")
            case False, True:
                return self.tr("Allowed: from {low}, below {high}.")
            case _:
                return self.tr("Allowed: above {low}, below {high}.")

    def _number_text(self, number: float) -> str:
        return grouped(int(number)) if self._spec.kind == "int" else significant(number)


def is_about(spec: FieldSpec, words: Sequence[str]) -> bool:
    """Tell whether every word (case is ignored) is in the title, the help, the choices or the path of a setting."""
    choices = [translate(spec.choice_title(choice)) for choice in spec.choices]
    text = " ".join((translate(spec.title), translate(spec.help), *choices, spec.path)).casefold()
    return all(word.casefold() in text for word in words)


def _editor_for(spec: FieldSpec) -> Editor:
    match spec.kind:
        case "choice":
            return ChoiceBox(spec)
        case "flag":
            return FlagBox()
        case "text":
            return ColourBox(spec) if spec.path in COLOURS else TextBox(spec)
        case _:
            return NumberBox(spec)


def _object_name(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest) + "Field"
