"""RunNameDialog: the question what a run is called, checked while it is typed."""

from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gan_studio.engine.run.naming import MOST_NAME, name_fault
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.translate import translate

WIDTH = 420


class RunNameDialog(Retranslating, QDialog):
    """Asks for the name of a run; Rename is enabled while the name can be used, or while there is none.

    Args:
        name: what the run is called now.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(name)
        self._label = QLabel()
        self._hint = QLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._build()
        self._line.textChanged.connect(self._check)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.retranslate()

    def name(self) -> str:
        """Return what was typed, without spaces around it."""
        return self._line.text().strip()

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Rename the run"))
        self._label.setText(self.tr("&Name of the run"))
        self._line.setAccessibleName(self.tr("Name of the run"))
        self._line.setToolTip(
            self.tr("At most {most} characters. The folder of the run keeps its name.").format(most=MOST_NAME)
        )
        self._line.setPlaceholderText(self.tr("its pictures and their number"))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Rename"))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self._check()

    def _check(self) -> None:
        fault = name_fault(self.name()) if self.name() else None
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fault is None)
        self._hint.setForegroundRole(QPalette.ColorRole.BrightText if fault else QPalette.ColorRole.PlaceholderText)
        hint = self.tr("Without a name, the run is called by its pictures and their number.")
        self._hint.setText(hint if fault is None else translate(fault))

    def _build(self) -> None:
        self.setObjectName("runNameDialog")
        self.setMinimumWidth(WIDTH)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._line.setObjectName("runNameLine")
        self._line.setMaxLength(2 * MOST_NAME)
        self._line.selectAll()
        self._label.setBuddy(self._line)
        self._hint.setObjectName("runNameHint")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(2 * self.fontMetrics().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for part in (self._label, self._line, self._hint, self._buttons):
            column.addWidget(part)


class AskRunName:
    """Ask what a run is called."""

    @staticmethod
    def ask(parent: QWidget, name: str) -> str | None:
        """Return a name that can be used, or "" for the run to be called by its pictures; None when cancelled."""
        dialog = RunNameDialog(name, parent)
        answer = dialog.exec()
        dialog.deleteLater()
        return dialog.name() if answer == QDialog.DialogCode.Accepted else None
