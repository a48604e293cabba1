"""Actions: the QActions made from the table of actions."""

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette

from gan_studio.ui.frame.action_table import ACTIONS, OTHER_KEYS, ActionSpec
from gan_studio.ui.widgets.icons import icon


class Actions(QObject):
    """The QActions of the window by name: `actions["startAction"]`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: dict[str, tuple[str, str]] = {}
        self._actions = {spec.name: self._make(spec) for spec in ACTIONS}
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def of_menu(self, menu: str) -> list[QAction]:
        """List the actions of a menu, in order."""
        return [self._actions[spec.name] for spec in ACTIONS if spec.menu == menu]

    @staticmethod
    def keys() -> list[tuple[str, str]]:
        """List every key of the window and what it does: those in no menu first, then those of the menus, in order."""
        in_menus = [(spec.shortcut, spec.tip) for spec in ACTIONS if spec.shortcut]
        return [(_key_text(keys), action_text(tip)) for keys, tip in (*OTHER_KEYS, *in_menus)]

    def retranslate(self) -> None:
        """Set every text."""
        for spec in ACTIONS:
            self._write(spec)

    def set_words(self, name: str, text: str, tip: str) -> None:
        """Give an action another text and tooltip than those of the table, until it is given others."""
        if self._words.get(name) != (text, tip):
            self._words[name] = (text, tip)
            self._write(next(spec for spec in ACTIONS if spec.name == name))

    def _write(self, spec: ActionSpec) -> None:
        action = self._actions[spec.name]
        text, tip = self._words.get(spec.name, (action_text(spec.text), action_text(spec.tip)))
        keys = _key_text(spec.shortcut)
        action.setText(text)
        action.setIconText(text.replace("&", ""))
        action.setToolTip(f"{tip} ({keys})" if keys else tip)

    def draw_icons(self, palette: QPalette) -> None:
        """Draw the icons in the colours of a palette."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.name].setIcon(icon(spec.icon, palette))

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(self)
        action.setObjectName(spec.name)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        return action


def _key_text(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def action_text(text: str) -> str:
    """Return a text of the table in the language of the window."""
    return QCoreApplication.translate("Actions", text)
