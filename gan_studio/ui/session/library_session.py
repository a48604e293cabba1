"""LibrarySession: reads runs, set-ups and pictures from the disk in background threads."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import DataConfig, RunConfig
from gan_studio.engine.data.copies import Copies
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.library.branches import HistoryRead, ReadHistory, ReadWay, Way
from gan_studio.engine.library.kept import KeptRead, ReadKept, ReadStarts, Starts
from gan_studio.engine.library.looking import FindCopies
from gan_studio.engine.library.recent import ReadRecent, RecentRun
from gan_studio.engine.library.runs import (
    DiskUse,
    PictureSaved,
    ReadDisk,
    ReadRun,
    ReadSheet,
    RenameRun,
    RunRenamed,
    SavePicture,
)
from gan_studio.engine.library.setups import (
    PresetSaved,
    ReadSetup,
    SavePreset,
    SetupRead,
    SetupWritten,
    WriteSetup,
    answer_setup,
)
from gan_studio.engine.library.step_marks import MarksRead, ReadMarks
from gan_studio.engine.library.tables import TableWritten, WriteTable
from gan_studio.engine.library.weights import ReadWeights, WeightsRead
from gan_studio.engine.machine.device import FoundDevices
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import (
    EngineLoadingThread,
    LookingThread,
    ReaderThread,
    RequestThread,
    SpeedThread,
    WeightsThread,
)
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.lock import ReadWriter, WriterSeen
from gan_studio.engine.run.space import FreeSpace, ReadSpare, SpaceFreed, SpareSpace
from gan_studio.engine.sheet import Sheet
from gan_studio.engine.text.message import Message

SETUP_KINDS = ("import", "export", "preset")
"""Requests about set-up files. They have a thread of their own, so that a slow preview never delays them."""


class LibrarySession(QObject):
    """Reads everything that takes longer than a frame.

    Signals:
        engine_loaded(object tuple of Device): torch is loaded; these devices can train.
        devices_listed(object tuple of Device): the same, asked again.
        device_missed(object EngineError): why a device was not found.
        run_read(object RunContents): an opened run.
        weights_read(object WeightsRead): an opened file of weights.
        writer_read(object WriterSeen): which other program trains a run.
        sheet_read(object Sheet): a past sheet.
        history_read(object History): the branches of the run that was requested last.
        way_read(object Way): the path that leads to a moment of a run.
        marks_read(object MarksRead): what happened along a run, and its learning rates.
        table_written(str path): metrics were written as CSV.
        preview_read(object Preview): the preview of a source.
        copies_found(object Copies): the near-duplicates of a source.
        disk_read(object DiskUse): sizes of run, disk and memory.
        recent_read(object RecentRun): an earlier run.
        run_renamed(object RunRenamed): a run is called by another name now.
        kept_read(object KeptRead): what is known of some moments of a run.
        starts_read(object Starts): the moments of a run that another can start from.
        spare_read(object SpareSpace): the files of a run that can be deleted.
        space_freed(object SpaceFreed): what was deleted, and what is left.
        picture_saved(str path): a picture was written.
        setup_read(object SetupRead): a set-up from a file.
        setup_written(str path): a set-up was written.
        preset_saved(object RunConfig): a preset of the user was saved.
        speed_measured(float): multiply-adds per second of training on this machine.
        not_read(str kind, object NotDone): a request failed.
    """

    engine_loaded = Signal(object)
    devices_listed = Signal(object)
    device_missed = Signal(object)
    run_read = Signal(object)
    weights_read = Signal(object)
    writer_read = Signal(object)
    sheet_read = Signal(object)
    history_read = Signal(object)
    way_read = Signal(object)
    marks_read = Signal(object)
    table_written = Signal(str)
    preview_read = Signal(object)
    copies_found = Signal(object)
    disk_read = Signal(object)
    recent_read = Signal(object)
    run_renamed = Signal(object)
    kept_read = Signal(object)
    starts_read = Signal(object)
    spare_read = Signal(object)
    space_freed = Signal(object)
    picture_saved = Signal(str)
    setup_read = Signal(object)
    setup_written = Signal(str)
    preset_saved = Signal(object)
    speed_measured = Signal(float)
    not_read = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_of: Path | None = None
        self._has_engine = False
        self._reader = ReaderThread(self)
        self._reader.replied.connect(self._on_replied)
        self._setups = RequestThread(SETUP_KINDS, lambda: answer_setup, self, writes=frozenset({"export", "preset"}))
        self._setups.replied.connect(self._on_replied)
        self._looks = LookingThread(self)
        self._looks.replied.connect(self._on_replied)
        self._weights = WeightsThread(self)
        self._weights.replied.connect(self._on_replied)
        self._speed = SpeedThread(self)
        self._speed.measured.connect(self.speed_measured)
        self._loader = EngineLoadingThread(self)
        self._loader.loaded.connect(self._take_devices)
        self._loader.failed.connect(self._tell_not_loaded)

    def start(self) -> None:
        """Start the threads, and load torch in the background."""
        self._reader.start()
        self._setups.start()
        self._looks.start()
        self._weights.start()
        self._loader.start()

    def end(self) -> None:
        """End every thread."""
        self._speed.stop()
        workers = (self._reader, self._setups, self._looks, self._weights)
        for worker in workers:
            worker.end()
        for thread in (*workers, self._speed, self._loader):
            thread.wait()

    def list_devices(self) -> None:
        """List the devices again, as after a driver was mended."""
        if self._looks.isRunning() and not self._loader.isRunning():
            self._loader.start()

    def measure_speed(self) -> None:
        """Measure how fast this machine trains: a fraction of a second, at the lowest priority."""
        if self._looks.isRunning() and not self._speed.isRunning():
            self._speed.begin()

    def stop_measuring(self) -> None:
        """Stop measuring, because a run needs the machine and measures its speed better."""
        self._speed.stop()

    def open_run(self, path: Path) -> None:
        """Read a run folder."""
        self._reader.ask("run", ReadRun(path))

    def open_weights(self, path: Path) -> None:
        """Open a file of weights, and convert it first if that is needed; of several only the newest is opened."""
        self._weights.ask("weights", ReadWeights(path))

    def give_up_weights(self) -> None:
        """Do not open the file of weights that is being opened."""
        self._weights.give_up()

    def look_for_writer(self, place: Path) -> None:
        """Find out whether another program trains a run."""
        self._reader.ask("writer", ReadWriter(place))

    def read_sheet(self, place: Path, moment: Moment) -> None:
        """Read a past sheet; of several requests only the newest is answered."""
        self._reader.ask("sheet", ReadSheet(RunFolder(place), moment))

    def read_history(self, place: Path) -> None:
        """Read the branches of a run."""
        self._history_of = place
        self._reader.ask("history", ReadHistory(place))

    def read_way(self, place: Path, moment: Moment) -> None:
        """Read the path that leads to a moment of a run; of several requests only the newest is answered."""
        self._reader.ask("way", ReadWay(place, moment))

    def read_marks(self, place: Path, branch: int) -> None:
        """Read what happened on the path to a branch; of several requests only the newest is answered."""
        self._reader.ask("marks", ReadMarks(place, branch))

    def write_table(self, path: Path, place: Path, moment: Moment, columns: tuple[str, ...]) -> None:
        """Write columns of all steps on the path to a moment of a run as CSV."""
        self._reader.ask("table", WriteTable(path, place, moment, columns))

    def preview(self, config: DataConfig) -> None:
        """Preview a source of pictures; an unfinished preview is cancelled."""
        self._looks.ask("preview", config)

    def find_copies(self, config: DataConfig) -> None:
        """Look for near-duplicates in a source; a preview, or a newer request, cancels it."""
        self._looks.ask("copies", FindCopies(config))

    def measure_disk(self, place: Path) -> None:
        """Measure a run, its disk and this process."""
        self._reader.ask("disk", ReadDisk(place))

    def save_picture(self, request: SavePicture) -> None:
        """Save a picture."""
        self._reader.ask("save", request)

    def import_networks(self, path: Path) -> None:
        """Read a set-up from a TOML file, for its networks alone."""
        self._setups.ask("import", ReadSetup(path, only_networks=True))

    def import_setup(self, path: Path) -> None:
        """Read a set-up from a TOML file."""
        self._setups.ask("import", ReadSetup(path))

    def export_setup(self, path: Path, config: RunConfig) -> None:
        """Write a set-up into a TOML file."""
        self._setups.ask("export", WriteSetup(path, config))

    def save_preset(self, name: str, config: RunConfig) -> None:
        """Save a set-up as a preset of the user."""
        self._setups.ask("preset", SavePreset(name, config))

    def read_recent(self, path: str) -> None:
        """Summarise an earlier run; of several requests only the newest is answered."""
        self._reader.ask("recent", ReadRecent(path))

    def rename_run(self, place: Path, name: str) -> None:
        """Give a run another name; an empty one calls it by its pictures again."""
        self._reader.ask("rename", RenameRun(place, name))

    def read_kept(self, place: Path, moment: Moment) -> None:
        """Read what is known of a moment of a run; of several requests only the newest is answered."""
        self._reader.ask("kept", ReadKept(place, (moment,)))

    def read_starts(self, place: Path) -> None:
        """Read which moments of a run another run can start from."""
        self._reader.ask("starts", ReadStarts(place))

    def read_spare(self, place: Path) -> None:
        """Find out which files of a run can be deleted."""
        self._reader.ask("spare", ReadSpare(RunFolder(place)))

    def free_space(self, place: Path, kinds: tuple[str, ...]) -> None:
        """Delete the deletable files of some kinds."""
        self._reader.ask("free", FreeSpace(RunFolder(place), kinds))

    def _take_devices(self, found: FoundDevices) -> None:
        is_first, self._has_engine = not self._has_engine, True
        (self.engine_loaded if is_first else self.devices_listed).emit(found.devices)
        if found.fault is not None:
            self.device_missed.emit(found.fault)

    def _tell_not_loaded(self, error: str) -> None:
        happened = Message("engine.not_loaded", error=error)
        self.not_read.emit("engine", NotDone(happened, Message("kept.runs"), Message("todo.install_torch")))

    def _on_replied(self, kind: str, reply: object) -> None:  # noqa: C901  (one match takes every reply apart)
        match reply:
            case None:
                pass  # a look or a file of weights that was given up
            case NotDone():
                self.not_read.emit(kind, reply)
            case RunContents():
                self.run_read.emit(reply)
            case WeightsRead():
                self.weights_read.emit(reply)
            case WriterSeen():
                self.writer_read.emit(reply)
            case Sheet():
                self.sheet_read.emit(reply)
            case HistoryRead(path, history) if path == self._history_of:
                self.history_read.emit(history)
            case Way():
                self.way_read.emit(reply)
            case MarksRead():
                self.marks_read.emit(reply)
            case TableWritten(path):
                self.table_written.emit(str(path))
            case Preview():
                self.preview_read.emit(reply)
            case Copies():
                self.copies_found.emit(reply)
            case DiskUse():
                self.disk_read.emit(reply)
            case SpareSpace():
                self.spare_read.emit(reply)
            case SpaceFreed():
                self.space_freed.emit(reply)
            case PictureSaved(path):
                self.picture_saved.emit(str(path))
            case SetupRead():
                self.setup_read.emit(reply)
            case SetupWritten(path):
                self.setup_written.emit(str(path))
            case PresetSaved(config):
                self.preset_saved.emit(config)
            case RecentRun():
                self.recent_read.emit(reply)
            case RunRenamed():
                self.run_renamed.emit(reply)
            case KeptRead():
                self.kept_read.emit(reply)
            case Starts():
                self.starts_read.emit(reply)
