"""LibrarySession: runs and pictures on the disk, read in a thread of their own."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gan_studio.engine.config import DataConfig, RunConfig
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.qt_threads import EngineLoadingThread, NewestWinsThread, ReaderThread
from gan_studio.engine.run_folder import Moment, RunFolder
from gan_studio.engine.run_reader import (
    DiskUse,
    NotRead,
    PictureSaved,
    ReadDisk,
    ReadPreview,
    ReadRecent,
    ReadRun,
    ReadSheet,
    RunContents,
    SavePicture,
    Sheet,
)
from gan_studio.engine.setup_files import (
    PresetSaved,
    ReadSetup,
    SavePreset,
    SetupRead,
    SetupWritten,
    WriteSetup,
    answer,
)

SETUP_KINDS = ("import", "export", "preset")
"""What is asked of set-up files, in a thread of its own: a look at a large folder must not hold it up."""


class LibrarySession(QObject):
    """Read what takes longer than a frame.

    Signals:
        engine_loaded(object tuple of (name, title)): torch is there; these devices can train.
        run_read(object RunContents): an opened run.
        sheet_read(object Sheet): a past sheet.
        preview_read(object Preview): some pictures of a source.
        disk_read(object DiskUse): sizes.
        recent_read(object tuple of RecentRun): earlier runs.
        picture_saved(str path): a picture is on the disk.
        setup_read(object SetupRead): a set-up from a file.
        setup_written(str path): a set-up is in a file.
        preset_saved(object RunConfig): a set-up is among the user's presets, under the name it bears.
        not_read(str kind, object NotRead): a fault of files.
    """

    engine_loaded = Signal(object)
    run_read = Signal(object)
    sheet_read = Signal(object)
    preview_read = Signal(object)
    disk_read = Signal(object)
    recent_read = Signal(object)
    picture_saved = Signal(str)
    setup_read = Signal(object)
    setup_written = Signal(str)
    preset_saved = Signal(object)
    not_read = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = ReaderThread(self)
        self._reader.replied.connect(self._on_replied)
        self._setups = NewestWinsThread(SETUP_KINDS, lambda: answer, self)
        self._setups.replied.connect(self._on_replied)
        self._loader = EngineLoadingThread(self)
        self._loader.loaded.connect(self.engine_loaded)

    def start(self) -> None:
        """Start reading, and load torch behind the window."""
        self._reader.start()
        self._setups.start()
        self._loader.start()

    def end(self) -> None:
        """End every thread."""
        for thread in (self._reader, self._setups):
            thread.end()
        for thread in (self._reader, self._setups):
            thread.wait()
        self._loader.wait()

    def open_run(self, path: Path) -> None:
        """Read a run folder."""
        self._reader.ask("run", ReadRun(path))

    def read_sheet(self, place: Path, moment: Moment) -> None:
        """Read a past sheet; of many, the newest asked for."""
        self._reader.ask("sheet", ReadSheet(RunFolder(place), moment))

    def preview(self, config: DataConfig) -> None:
        """Look at a source of pictures."""
        self._reader.ask("preview", ReadPreview(config))

    def measure_disk(self, place: Path) -> None:
        """Measure a run, its disk and this process."""
        self._reader.ask("disk", ReadDisk(place))

    def save_picture(self, path: Path, pixels: NDArray[np.uint8]) -> None:
        """Write a picture, uint8 [H, W, C], as PNG."""
        self._reader.ask("save", SavePicture(path, pixels))

    def import_setup(self, path: Path) -> None:
        """Read a set-up from a TOML file."""
        self._setups.ask("import", ReadSetup(path))

    def export_setup(self, path: Path, config: RunConfig) -> None:
        """Write a set-up into a TOML file."""
        self._setups.ask("export", WriteSetup(path, config))

    def save_preset(self, name: str, config: RunConfig) -> None:
        """Keep a set-up among the user's presets."""
        self._setups.ask("preset", SavePreset(name, config))

    def read_recent(self, paths: tuple[str, ...]) -> None:
        """Look at earlier runs."""
        self._reader.ask("recent", ReadRecent(paths))

    def _on_replied(self, kind: str, reply: object) -> None:  # noqa: C901  (one match takes every reply apart)
        match reply:
            case NotRead():
                self.not_read.emit(kind, reply)
            case RunContents():
                self.run_read.emit(reply)
            case Sheet():
                self.sheet_read.emit(reply)
            case Preview():
                self.preview_read.emit(reply)
            case DiskUse():
                self.disk_read.emit(reply)
            case PictureSaved(path):
                self.picture_saved.emit(str(path))
            case SetupRead():
                self.setup_read.emit(reply)
            case SetupWritten(path):
                self.setup_written.emit(str(path))
            case PresetSaved(config):
                self.preset_saved.emit(config)
            case tuple():
                self.recent_read.emit(reply)
