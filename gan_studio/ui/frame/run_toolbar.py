"""RunToolbar: start, pause, step, stop; preset, data and device; the progress of the run."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolBar, QWidget

from gan_studio.engine.files.paths import path_of
from gan_studio.engine.machine.device import Device
from gan_studio.engine.text.message import Message, readable
from gan_studio.ui.frame.actions import Actions
from gan_studio.ui.frame.progress_readout import ProgressReadout
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.translate import translate
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

RUN_BUTTONS = ("start", "pause", "step", "stop")
CHOOSE_FOLDER, CHOOSE_FILE = "", "\0file"
"""Data of the two entries that open a dialog; no source has such a name."""
BOX_WIDTHS = (130, 200, 150)
"""Widths of the boxes of presets, data and devices, in pixels."""
LEAST_BOX = 84
"""Width of a box in the narrowest window, in pixels."""
LIST_WIDTH = 360
"""Minimum width of the open list of data, in pixels."""


class _Box(QComboBox):
    """A box of one width in every wide window, and of a smaller one where there is less room."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for the width that was given."""
        return QSize(self._width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Accept the width in the narrowest window."""
        return QSize(LEAST_BOX, super().minimumSizeHint().height())


class RunToolbar(Retranslating, QToolBar):
    """The toolbar of the window.

    Signals:
        preset_chosen(str name): set up the next run from a preset.
        source_chosen(str source): train the next run on these pictures.
        folder_wanted(): ask for a folder of pictures.
        file_wanted(): ask for a file that holds pictures.
        device_chosen(str name): train on this device.
    """

    preset_chosen = Signal(str)
    source_chosen = Signal(str)
    folder_wanted = Signal()
    file_wanted = Signal()
    device_chosen = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runToolbar")
        self.readout = ProgressReadout(self)
        self._presets, self._data, self._devices = (_Box(width) for width in BOX_WIDTHS)
        self._titles = tuple(QLabel(self) for _ in range(3))
        self._sources: tuple[tuple[str, Message], ...] = ()
        self._source = ""
        self._actions = actions
        self._build()
        actions["startAction"].changed.connect(self._name_buttons)
        self._presets.activated.connect(self._choose_preset)
        self._data.activated.connect(self._choose_data)
        self._devices.activated.connect(self._choose_device)
        self.retranslate()

    def set_presets(self, presets: Sequence[tuple[str, str, str]]) -> None:
        """List the presets, given as (name, title, summary)."""
        self._presets.clear()
        for row, (name, title, summary) in enumerate(presets):
            self._presets.addItem(title, name)
            self._presets.setItemData(row, summary, Qt.ItemDataRole.ToolTipRole)

    def set_sources(self, sources: Sequence[tuple[str, Message]]) -> None:
        """List the data sets, given as (source, title), and below them the entries for a folder and a file."""
        self._sources = tuple(sources)
        self._data.clear()
        for source, _ in self._sources:
            self._data.addItem("", source)
        self._data.insertSeparator(self._data.count())
        for wish in (CHOOSE_FOLDER, CHOOSE_FILE):
            self._data.addItem("", wish)
        self.retranslate()

    def set_devices(self, devices: Sequence[Device]) -> None:
        """List the devices after the automatic choice."""
        chosen = self._devices.currentData()
        self._devices.clear()
        self._devices.addItem("", "auto")
        for device in devices:
            self._devices.addItem(device.title, device.name)
        self.retranslate()
        self.show_device(chosen or "auto")

    def show_preset(self, name: str) -> None:
        """Show a preset as chosen, without a signal."""
        self._presets.setCurrentIndex(self._presets.findData(name))

    def show_source(self, source: str) -> None:
        """Show a source of pictures as chosen, without a signal."""
        self._source = source
        if self._data.findData(source) < 0:
            row = self._data.findData(CHOOSE_FOLDER)
            self._data.insertItem(row, readable(path_of(source).name) or source, source)
            self._data.setItemData(row, paragraphs(readable(source)), Qt.ItemDataRole.ToolTipRole)
        self._data.setCurrentIndex(self._data.findData(source))

    def show_device(self, name: str) -> None:
        """Show a device as chosen, without a signal."""
        self._devices.setCurrentIndex(max(0, self._devices.findData(name)))

    def keep_width_for(self, texts: Sequence[str]) -> None:
        """Make the first button wide enough for each of these texts; it never shrinks, so that nothing moves."""
        button = self.widgetForAction(self._actions["startAction"])
        metrics = button.fontMetrics()
        rest = button.sizeHint().width() - metrics.horizontalAdvance(self._actions["startAction"].iconText())
        wide = rest + max(metrics.horizontalAdvance(text) for text in texts)
        button.setMinimumWidth(max(wide, button.minimumWidth()))

    def set_locked(self, *, has_run: bool, is_busy: bool) -> None:
        """Disable preset and data while a run is open, and the device while it trains; tooltips say why."""
        self._has_run, self._is_busy = has_run, is_busy
        self._presets.setEnabled(not has_run)
        self._data.setEnabled(not has_run)
        self._devices.setEnabled(not is_busy)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Run"))
        self.setAccessibleName(self.tr("Run"))
        titles = (self.tr("Preset"), self.tr("Data"), self.tr("Device"))
        for label, words in zip(self._titles, titles, strict=True):
            label.setText(words)
        held = self.tr("Fixed while a run is open. Choose File > New run to set up another run.")
        self._presets.setAccessibleName(self.tr("Preset"))
        self._presets.setToolTip(held if self._has_run else self.tr("A ready-made set-up for the next run."))
        self._data.setAccessibleName(self.tr("Pictures"))
        self._data.setToolTip(held if self._has_run else self.tr("The pictures that the next run learns from."))
        for row, (_, title) in enumerate(self._sources):
            self._data.setItemText(row, translate(title))
            self._data.setItemData(row, translate(title), Qt.ItemDataRole.ToolTipRole)
        for wish, text, tip in (
            (
                CHOOSE_FOLDER,
                self.tr("Choose folder…"),
                self.tr("A folder of pictures. The folders inside it become classes."),
            ),
            (CHOOSE_FILE, self.tr("File… (.zip, array, table, video)"), self.tr("One file that holds many pictures.")),
        ):
            self._data.setItemText(self._data.findData(wish), text)
            self._data.setItemData(self._data.findData(wish), tip, Qt.ItemDataRole.ToolTipRole)
        self._devices.setAccessibleName(self.tr("Device"))
        self._devices.setToolTip(
            self.tr("The device cannot change while the run trains. Stop the run first.")
            if self._is_busy
            else self.tr("The device that trains. Automatic uses a GPU (CUDA) if there is one.")
        )
        self._devices.setItemText(0, self.tr("Automatic"))
        self._name_buttons()

    def _name_buttons(self) -> None:
        for name in RUN_BUTTONS:
            action = self._actions[f"{name}Action"]
            self.widgetForAction(action).setAccessibleName(action.iconText())

    def _build(self) -> None:
        self._has_run = self._is_busy = False
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(18, 18))
        for name in RUN_BUTTONS:
            action = self._actions[f"{name}Action"]
            self.addAction(action)
            self.widgetForAction(action).setObjectName(f"{name}Button")
            self.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.addSeparator()
        self.addWidget(self._choices())
        self._data.view().setMinimumWidth(LIST_WIDTH)
        self.set_sources(())
        self._devices.addItem("", "auto")
        space = QWidget(self)
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.addWidget(self.readout)

    def _choices(self) -> QWidget:
        """Lay out the boxes with their titles; where the window is narrow, they share what there is."""
        choices = QWidget(self)
        line = QHBoxLayout(choices)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(5)
        boxes = (self._presets, "presetBox"), (self._data, "datasetBox"), (self._devices, "deviceBox")
        for title, (box, name) in zip(self._titles, boxes, strict=True):
            box.setObjectName(name)
            need_focus_for_wheel(box)
            title.setObjectName(f"{name}Title")
            title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            title.setBuddy(box)
            line.addWidget(title)
            line.addWidget(box)
            line.addSpacing(6)
        choices.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        return choices

    def _choose_preset(self, row: int) -> None:
        self.preset_chosen.emit(self._presets.itemData(row))

    def _choose_data(self, row: int) -> None:
        source = self._data.itemData(row)
        if source not in (CHOOSE_FOLDER, CHOOSE_FILE):
            self.source_chosen.emit(source)
            return
        self.show_source(self._source)
        (self.folder_wanted if source == CHOOSE_FOLDER else self.file_wanted).emit()

    def _choose_device(self, row: int) -> None:
        self.device_chosen.emit(self._devices.itemData(row))
