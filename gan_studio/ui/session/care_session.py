"""CareSession: what is done for the program itself beside its runs: crashes told, reports written, sleep kept away."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.engine.library.runs import NotRead, not_read
from gan_studio.engine.qt_threads import NewestWinsThread
from gan_studio.engine.support.crash_marker import CrashMarker, take_crashes
from gan_studio.engine.support.doctor import examine
from gan_studio.engine.support.keep_awake import Wakefulness
from gan_studio.engine.support.log import faults
from gan_studio.engine.support.report import write_report
from gan_studio.engine.text.message import EngineError

ALIVE_MS = 30_000
"""Between two signs of life in the marker: a crash is told of with its time to this much."""


@dataclass(frozen=True)
class MarkRun:
    """Note which run is open, or none."""

    run: Path | None


@dataclass(frozen=True)
class ShowLife:
    """Note that the program is still there."""


@dataclass(frozen=True)
class TakeCrashes:
    """Look for programs that ended unexpectedly."""


@dataclass(frozen=True)
class KeepAwake:
    """Keep the computer from sleeping, or let it."""

    is_wanted: bool


@dataclass(frozen=True)
class WriteReport:
    """Write a report about this machine, and a run or none."""

    path: Path
    run: Path | None


@dataclass(frozen=True)
class ReportWritten:
    """A report is on the disk."""

    path: Path


CareRequest = MarkRun | ShowLife | TakeCrashes | KeepAwake | WriteReport
KINDS = ("run", "awake", "crashes", "report", "life")


class CareSession(QObject):
    """Look after the program, in a thread of its own.

    Signals:
        crashes_found(object tuple of Crash): programs that ended unexpectedly before this one.
        fault_met(object Fault): something went wrong where nobody waited for it; from any thread.
        report_written(str path): a report is on the disk.
        not_written(object NotRead): why there is none.

    Attributes:
        marker: what a crash of this program would be known by, or None.
    """

    crashes_found = Signal(object)
    fault_met = Signal(object)
    report_written = Signal(str)
    not_written = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.marker: CrashMarker | None = None
        self._run: Path | None = None
        self._is_awake = False
        self._thread = _CareThread(self, self)
        self._thread.replied.connect(self._on_replied)
        self._timer = QTimer(self)
        self._timer.setInterval(ALIVE_MS)
        self._timer.timeout.connect(self._show_life)

    def start(self) -> None:
        """Tell of crashes and of faults from now on."""
        self._thread.start()
        self._thread.ask("crashes", TakeCrashes())
        self._timer.start()
        faults.listen(self.fault_met.emit)

    def end(self) -> None:
        """End the thread, and let the computer sleep; what goes wrong from here on is only logged."""
        faults.listen(None)
        self._timer.stop()
        self._thread.end()
        self._thread.wait()

    def mark_run(self, run: Path | None) -> None:
        """Note which run is open, so that it can be offered after a crash."""
        if run != self._run:
            self._run = run
            self._thread.ask("run", MarkRun(run))

    def keep_awake(self, is_wanted: bool) -> None:
        """Keep the computer from sleeping, or let it."""
        if is_wanted != self._is_awake:
            self._is_awake = is_wanted
            self._thread.ask("awake", KeepAwake(is_wanted))

    def write_report(self, path: Path, run: Path | None) -> None:
        """Write a report."""
        self._thread.ask("report", WriteReport(path, run))

    def _show_life(self) -> None:
        self._thread.ask("life", ShowLife())

    def _on_replied(self, _kind: str, reply: object) -> None:
        match reply:
            case ReportWritten(path):
                self.report_written.emit(str(path))
            case NotRead():
                self.not_written.emit(reply)
            case tuple() if reply:
                self.crashes_found.emit(reply)


class _CareThread(NewestWinsThread):
    """Answer care's requests; the computer may sleep again once it has ended."""

    def __init__(self, care: CareSession, parent: QObject) -> None:
        super().__init__(KINDS, self._prepared, parent)
        self._care = care
        self._wakefulness = Wakefulness()

    def run(self) -> None:
        """Answer until the end."""
        try:
            super().run()
        finally:
            self._wakefulness.release()

    def _prepared(self) -> Callable[[CareRequest], object]:
        return self._answer

    def _answer(self, request: CareRequest) -> object:
        try:
            return self._done(request)
        except EngineError as error:
            return NotRead(error.happened, error.kept, error.todo)
        except Exception as error:  # noqa: BLE001  (the thread must live on; what it met is told)
            faults.take_error("the thread that looks after the program", error)
            return not_read(f"{type(error).__name__}: {error}") if isinstance(request, WriteReport) else None

    def _done(self, request: CareRequest) -> object:
        match request:
            case MarkRun(run) if self._care.marker is not None:
                self._care.marker.set_run(run)
            case ShowLife() if self._care.marker is not None:
                self._care.marker.show_life()
            case TakeCrashes():
                return take_crashes()
            case KeepAwake(is_wanted):
                self._wakefulness.hold() if is_wanted else self._wakefulness.release()
            case WriteReport(path, run):
                write_report(path, lambda: (finding.line for finding in examine()), run)
                return ReportWritten(path)
        return None
