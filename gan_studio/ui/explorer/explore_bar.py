"""Button row of the explorer: randomize, seed, reset, undo, redo, save and copy."""

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from gan_studio.ui.widgets.clamping import clamped, validate_number
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

LAST_SAMPLE_SEED = 2**31 - 1

_ICONS = {
    "randomizeButton": "dice-5-outline",
    "resetButton": "image-filter-center-focus",
    "undoButton": "undo",
    "redoButton": "redo",
    "savePictureButton": "content-save-outline",
    "copyPictureButton": "content-copy",
}


class ExploreBar(Retranslating, QWidget):
    """The buttons above the picture. Each only emits a signal.

    Signals:
        randomize_requested: go to a random sample.
        seed_chosen(int): go to the sample of this seed.
        reset_requested: go to the mean.
        undo_requested, redo_requested: go one entry back or forward in the history.
        save_requested, copy_requested: save the picture as a file, or copy it to the clipboard.
    """

    randomize_requested = Signal()
    seed_chosen = Signal(int)
    reset_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    save_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {name: QPushButton(self) for name in _ICONS}
        self._seed_label = QLabel(self)
        self._seed = _SeedBox(self)
        self._seed_label.setBuddy(self._seed)
        self._lay_out()
        self._connect()
        self.follow_palette()
        self.retranslate()

    def set_seed(self, seed: int) -> None:
        """Show the seed of a sample without a signal."""
        with QSignalBlocker(self._seed):
            self._seed.setValue(seed)

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Enable Undo and Redo where they lead to another point."""
        self._buttons["undoButton"].setEnabled(can_undo)
        self._buttons["redoButton"].setEnabled(can_redo)

    def set_has_picture(self, has_picture: bool) -> None:
        """Enable Save and Copy while there is a picture."""
        self._buttons["savePictureButton"].setEnabled(has_picture)
        self._buttons["copyPictureButton"].setEnabled(has_picture)

    def retranslate(self) -> None:
        """Set all text."""
        randomize, reset, undo, redo, save, copy = self._buttons.values()
        randomize.setText(self.tr("Randomize"))
        randomize.setToolTip(self.tr("Go to a random sample. Pinned values stay as they are."))
        reset.setText(self.tr("Reset"))
        reset.setToolTip(self.tr("Set every value of z to 0, the mean. Pinned values go to 0 too."))
        undo.setAccessibleName(self.tr("Undo"))
        undo.setToolTip(self.tr("Go back to the previous point (Ctrl+Z)"))
        redo.setAccessibleName(self.tr("Redo"))
        redo.setToolTip(self.tr("Go forward to the next point (Ctrl+Shift+Z)"))
        save.setAccessibleName(self.tr("Save picture"))
        save.setToolTip(self.tr("Save this picture as a file."))
        copy.setAccessibleName(self.tr("Copy picture"))
        copy.setToolTip(self.tr("Copy this picture to the clipboard."))
        for button in (randomize, reset):
            button.setAccessibleName(button.text())
        self._seed_label.setText(self.tr("Seed"))
        self._seed.setAccessibleName(self.tr("Seed of the sample"))
        self._seed.setToolTip(
            self.tr(
                "The number that z is drawn from. For one latent size and prior, the same seed gives the same z on"
                " every machine."
            )
        )

    def follow_palette(self) -> None:
        """Colour the icons."""
        for name, button in self._buttons.items():
            button.setIcon(icon(_ICONS[name], self.palette()))

    def _lay_out(self) -> None:
        for name, button in self._buttons.items():
            button.setObjectName(name)
        randomize, reset, undo, redo, save, copy = self._buttons.values()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (randomize, self._seed_label, self._seed, reset):
            row.addWidget(widget)
        row.addStretch(1)
        for pair in ((undo, redo), (save, copy)):
            group = QHBoxLayout()
            group.setSpacing(2)
            for button in pair:
                group.addWidget(button)
            row.addLayout(group)

    def _connect(self) -> None:
        randomize, reset, undo, redo, save, copy = self._buttons.values()
        randomize.clicked.connect(self.randomize_requested)
        reset.clicked.connect(self.reset_requested)
        undo.clicked.connect(self.undo_requested)
        redo.clicked.connect(self.redo_requested)
        save.clicked.connect(self.save_requested)
        copy.clicked.connect(self.copy_requested)
        self._seed.valueChanged.connect(self.seed_chosen)
        self._seed.lineEdit().returnPressed.connect(lambda: self.seed_chosen.emit(self._seed.value()))


class _SeedBox(QSpinBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sampleSeed")
        self.setRange(0, LAST_SAMPLE_SEED)
        self.setKeyboardTracking(False)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000000") + 32)
        need_focus_for_wheel(self)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let every number be typed."""
        return validate_number(text, position)

    def valueFromText(self, text: str) -> int:
        """Return the typed seed, or the nearest possible one."""
        return int(clamped(self, text, self.value(), self.minimum(), self.maximum()))

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z and Ctrl+Shift+Z to the explorer, except while a seed is being typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys) and self.text() == self.textFromValue(self.value()):
                event.ignore()
                return True
        return super().event(event)
