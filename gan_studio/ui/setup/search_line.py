"""Search line: finds settings in the set-up dock, and says when nothing matches."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gan_studio.engine.config.schema import field_specs
from gan_studio.ui.setup.column import fill_column
from gan_studio.ui.setup.field_groups import ELSEWHERE
from gan_studio.ui.setup.fields.field_editor import is_about
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate


class SearchLine(Retranslating, QWidget):
    """A field to type words into, and below it what they did not find.

    Signals:
        searched(tuple[str, ...]): show the settings that are about all these words; without words, show all.
    """

    searched = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = 0
        self._line = QLineEdit()
        self._sign = QAction(self)
        self._answer = QLabel()
        self._build()
        self._line.textChanged.connect(self._search)
        self.retranslate()
        self.follow_palette()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are searched for."""
        return tuple(self._line.text().split())

    def show_found(self, count: int) -> None:
        """Say that nothing matches, where the words found no setting; name the setting if it is in the toolbar."""
        self._found = count
        self._show_answer()
        if self._answer.text():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._line, self._answer.text()))

    def retranslate(self) -> None:
        """Set all text."""
        self._line.setPlaceholderText(self.tr("Find a setting"))
        self._line.setAccessibleName(self.tr("Find a setting"))
        self._line.setToolTip(
            self.tr("Show only the settings whose title, help or name in files has these words. Escape shows all.")
        )
        self._show_answer()

    def follow_palette(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._sign.setIcon(icon("magnify", self.palette()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show all settings on Escape."""
        if event.key() == Qt.Key.Key_Escape and self._line.text():
            self._line.clear()
        else:
            super().keyPressEvent(event)

    def _search(self) -> None:
        self.searched.emit(self.words)

    def _show_answer(self) -> None:
        is_asked = bool(self.words)
        self._answer.setVisible(is_asked and (self._found == 0 or bool(self._in_toolbar())))
        self._answer.setText(self._answer_text() if is_asked else "")

    def _answer_text(self) -> str:
        beside = ", ".join(self._in_toolbar())
        if self._found == 0 and not beside:
            return self.tr("No setting matches \u201c{words}\u201d.").format(words=" ".join(self.words))
        return self.tr("In the toolbar: {settings}.").format(settings=beside) if beside else ""

    def _in_toolbar(self) -> list[str]:
        specs = [spec for spec in field_specs() if spec.path in ELSEWHERE]
        return [translate(spec.title) for spec in specs if is_about(spec, self.words)]

    def _build(self) -> None:
        self._line.setObjectName("setupSearch")
        self._line.setMaxLength(80)
        self._line.setClearButtonEnabled(True)
        self._line.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self._answer.setObjectName("setupSearchAnswer")
        self._answer.setWordWrap(True)
        self._answer.setTextFormat(Qt.TextFormat.PlainText)
        self._answer.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setFocusProxy(self._line)
        fill_column(self, (self._line, self._answer))
