"""The row of buttons over the explorer."""

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from gan_studio.ui.widgets.icons import icon
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


class ExploreBar(QWidget):
    """Asks for another point, a step in the history, or a copy of the picture.

    Signals:
        randomize_requested: another sample, whichever.
        seed_chosen(int): exactly this sample.
        reset_requested: the mean.
        undo_requested, redo_requested: one step back or forth.
        save_requested, copy_requested: the picture as a file, or on the clipboard.
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
        self._colour()
        self.retranslate()

    def set_seed(self, seed: int) -> None:
        """Show the seed of a sample without a signal."""
        with QSignalBlocker(self._seed):
            self._seed.setValue(seed)

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Enable the steps that lead anywhere."""
        self._buttons["undoButton"].setEnabled(can_undo)
        self._buttons["redoButton"].setEnabled(can_redo)

    def set_has_picture(self, has_picture: bool) -> None:
        """Enable saving and copying."""
        self._buttons["savePictureButton"].setEnabled(has_picture)
        self._buttons["copyPictureButton"].setEnabled(has_picture)

    def retranslate(self) -> None:
        """Set all text."""
        randomize, reset, undo, redo, save, copy = self._buttons.values()
        randomize.setText(self.tr("Randomize"))
        randomize.setToolTip(self.tr("Draw another point at random. Pinned numbers stay."))
        reset.setText(self.tr("Reset"))
        reset.setToolTip(self.tr("Go to the mean: every latent number 0."))
        undo.setAccessibleName(self.tr("Undo"))
        undo.setToolTip(self.tr("Back to the point before (Ctrl+Z)"))
        redo.setAccessibleName(self.tr("Redo"))
        redo.setToolTip(self.tr("Forth to the point after (Ctrl+Shift+Z)"))
        save.setAccessibleName(self.tr("Save picture"))
        save.setToolTip(self.tr("Save this picture as a file."))
        copy.setAccessibleName(self.tr("Copy picture"))
        copy.setToolTip(self.tr("Copy this picture to the clipboard."))
        for button in (randomize, reset):
            button.setAccessibleName(button.text())
        self._seed_label.setText(self.tr("Sample"))
        self._seed.setAccessibleName(self.tr("Sample seed"))
        self._seed.setToolTip(
            self.tr("The number a sample is drawn from: the same number gives the same point, always and everywhere.")
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._colour()

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

    def _colour(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(_ICONS[name], self.palette()))


class _SeedBox(QSpinBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sampleSeed")
        self.setRange(0, LAST_SAMPLE_SEED)
        self.setKeyboardTracking(False)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000000") + 32)
        need_focus_for_wheel(self)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the explorer, except while a number is being typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys) and self.text() == self.textFromValue(self.value()):
                event.ignore()
                return True
        return super().event(event)
