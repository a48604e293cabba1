"""PresetDialog: the question for the name of a preset, checked while it is typed."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gan_studio.engine.config.files import MOST_NAME
from gan_studio.engine.config.presets import preset_name_fault
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

WIDTH = 380


class PresetDialog(Retranslating, QDialog):
    """Asks for the name of a preset; Save is enabled only while the name is valid.

    Args:
        taken: names of the user's own presets, which may be replaced.
        name: the name that is suggested.
    """

    def __init__(self, taken: tuple[str, ...], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken = taken
        self._line = QLineEdit(name)
        self._label = QLabel()
        self._hint = QLabel()
        buttons = QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        self._buttons = QDialogButtonBox(buttons)
        self._build()
        self._line.textChanged.connect(self._check)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.retranslate()

    def name(self) -> str:
        """Return the name that was typed, without spaces around it."""
        return self._line.text().strip()

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Save as preset"))
        self._label.setText(self.tr("&Name of the preset"))
        self._line.setAccessibleName(self.tr("Name of the preset"))
        self._line.setToolTip(self.tr("Name of the preset in the list. Its TOML file gets the same name."))
        self._check()

    def _check(self) -> None:
        name, fault = self.name(), preset_name_fault(self.name())
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(fault is None)
        is_wrong = bool(name) and fault is not None
        self._hint.setForegroundRole(QPalette.ColorRole.BrightText if is_wrong else QPalette.ColorRole.PlaceholderText)
        if name and fault is not None:
            self._hint.setText(self.tr("Invalid name: {reason}").format(reason=translate(fault)))
        elif name in self._taken:
            self._hint.setText(self.tr("This replaces your preset of the same name."))
        else:
            self._hint.setText(self.tr("The preset stores every setting in the dock, including the data source."))

    def _build(self) -> None:
        self.setObjectName("presetDialog")
        self.setMinimumWidth(WIDTH)
        self._line.setObjectName("presetNameLine")
        self._line.setMaxLength(2 * MOST_NAME)
        self._line.selectAll()
        self._label.setBuddy(self._line)
        self._hint.setObjectName("presetNameHint")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(2 * self.fontMetrics().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for part in (self._label, self._line, self._hint, self._buttons):
            column.addWidget(part)


class AskPresetName:
    """Ask for the name of a preset."""

    @staticmethod
    def ask(parent: QWidget, taken: tuple[str, ...], name: str) -> str | None:
        """Return a valid name, or None when the question was cancelled."""
        dialog = PresetDialog(taken, name, parent)
        answer = dialog.exec()
        dialog.deleteLater()
        return dialog.name() if answer == QDialog.DialogCode.Accepted else None
