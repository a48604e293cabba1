"""ProgramSession: crashes of the program, bug reports, and keeping the computer awake."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gan_studio.engine.answering import NotDone, answer, not_read
from gan_studio.engine.qt_threads import RequestThread
from gan_studio.engine.support.crash_marker import CrashMarker, take_crashes
from gan_studio.engine.support.doctor import examine
from gan_studio.engine.support.keep_awake import Wakefulness
from gan_studio.engine.support.log import faults
from gan_studio.engine.support.report import write_report

ALIVE_MS = 30_000
"""How often the crash marker notes that the program is alive; the time of a crash is known to this precision."""


@dataclass(frozen=True)
class MarkRun:
    """Note which run is open; None: none."""

    run: Path | None


@dataclass(frozen=True)
class ShowLife:
    """Note that the program is alive."""


@dataclass(frozen=True)
class TakeCrashes:
    """Ask for earlier crashes."""


@dataclass(frozen=True)
class KeepAwake:
    """Keep the computer awake, or let it sleep."""

    is_wanted: bool


@dataclass(frozen=True)
class WriteReport:
    """Ask to write a report about this machine and a run; None: no run."""

    path: Path
    run: Path | None


@dataclass(frozen=True)
class ReportWritten:
    """The report was written."""

    path: Path


ProgramRequest = MarkRun | ShowLife | TakeCrashes | KeepAwake | WriteReport
KINDS = ("run", "awake", "crashes", "report", "life")


class ProgramSession(QObject):
    """Watches over the program (crashes, faults, sleep) in a separate thread.

    Signals:
        crashes_found(object tuple of Crash): earlier crashes of the program.
        fault_met(object Fault): an unexpected fault; emitted from any thread.
        report_written(str path): the report was written.
        not_written(object NotDone): why the report was not written.

    Attributes:
        marker: the file by which the next start knows of a crash, or None.
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
        self._thread = _ProgramThread(self, self)
        self._thread.replied.connect(self._on_replied)
        self._timer = QTimer(self)
        self._timer.setInterval(ALIVE_MS)
        self._timer.timeout.connect(self._show_life)

    def start(self) -> None:
        """Report crashes and faults from now on."""
        self._thread.start()
        self._thread.ask("crashes", TakeCrashes())
        self._timer.start()
        faults.listen(self.fault_met.emit)

    def end(self) -> None:
        """End the thread, and let the computer sleep; later faults are only logged."""
        faults.listen(None)
        self._timer.stop()
        self._thread.end()
        self._thread.wait()

    def mark_run(self, run: Path | None) -> None:
        """Note which run is open, so that it is offered after a crash."""
        if run != self._run:
            self._run = run
            self._thread.ask("run", MarkRun(run))

    def keep_awake(self, is_wanted: bool) -> None:
        """Keep the computer awake, or let it sleep."""
        if is_wanted != self._is_awake:
            self._is_awake = is_wanted
            self._thread.ask("awake", KeepAwake(is_wanted))

    def write_report(self, path: Path, run: Path | None) -> None:
        """Write a report."""
        self._thread.ask("report", WriteReport(path, run))

    def _show_life(self) -> None:
        self._thread.ask("life", ShowLife())

    def _on_replied(self, kind: str, reply: object) -> None:
        match reply:
            case ReportWritten(path):
                self.report_written.emit(str(path))
            case NotDone() if kind == "report":
                self.not_written.emit(reply)
            case tuple() if reply:
                self.crashes_found.emit(reply)


class _ProgramThread(RequestThread):
    """Answers the requests of ProgramSession; when it ends, the computer may sleep again."""

    def __init__(self, program: ProgramSession, parent: QObject) -> None:
        super().__init__(KINDS, self._prepared, parent, writes=frozenset({"report"}))
        self._program = program
        self._wakefulness = Wakefulness()

    def run(self) -> None:
        """Answer until the end."""
        try:
            super().run()
        finally:
            self._wakefulness.release()

    def _prepared(self) -> Callable[[ProgramRequest], object]:
        return self._answer

    def _answer(self, request: ProgramRequest) -> object:
        return answer(self._done, request, self._describe)

    def _describe(self, error: Exception) -> NotDone:
        faults.take_error("the thread that looks after the program", error)
        return not_read(error)

    def _done(self, request: ProgramRequest) -> object:
        match request:
            case MarkRun(run) if self._program.marker is not None:
                self._program.marker.set_run(run)
            case ShowLife() if self._program.marker is not None:
                self._program.marker.show_life()
            case TakeCrashes():
                return take_crashes()
            case KeepAwake(is_wanted):
                self._wakefulness.hold() if is_wanted else self._wakefulness.release()
            case WriteReport(path, run):
                write_report(path, lambda: (finding.line for finding in examine()), run)
                return ReportWritten(path)
        return None
