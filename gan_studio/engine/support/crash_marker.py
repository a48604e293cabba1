"""CrashMarker: a file that stays behind only when the program crashes, so that the next start notices it."""

import faulthandler
import os
import platform
import secrets
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import psutil
import tomli_w
from platformdirs import user_state_path

from gan_studio.engine.files import atomic
from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.text.message import EngineError, Message, readable

MOST_KEPT = 5
"""Most crash texts that are kept for a report."""
TRACE_BYTES = 65_536
"""Most bytes that are read of a marker, a trace or a crash text."""
SAME_SECONDS = 1.0
"""Processes with the same number whose start times differ by this much are two processes."""


@dataclass(frozen=True)
class Crash:
    """A program that ended unexpectedly.

    Attributes:
        began: local time, to the second.
        ended: local time at which it was last known to run.
        run: folder of the run that was open, or None.
        trace: error trace that Python could still write, or "".
        name: what that run is called; None: no run was open, or it is gone.
    """

    began: str
    ended: str
    run: Path | None
    trace: str
    name: Message | None = None

    @property
    def text(self) -> str:
        """The whole crash as text for a report."""
        run = readable(str(self.run or "none"))
        return f"began {self.began}\nlast known {self.ended}\nopen run: {run}\n{self.trace or 'no trace was left'}\n"


class CrashMarker:
    """Marker of this process, with its number, start and open run, and the file that a crash writes its trace to."""

    def __init__(self) -> None:
        folder = state_folder()
        name = f"{os.getpid()}-{secrets.token_hex(4)}"  # in a container every start may have the same number
        self._marker = folder / f"{name}.toml"
        self._trace_file = folder / f"{name}.trace"
        self._trace: TextIO | None = None
        self._was_enabled = faulthandler.is_enabled()

    def begin(self) -> None:
        """Write the marker; does nothing where the state folder cannot be written."""
        try:
            self._marker.parent.mkdir(parents=True, exist_ok=True)
            self._trace = self._trace_file.open("w", encoding="utf-8")
            faulthandler.enable(self._trace)
            self.set_run(None)
        except OSError:
            return

    def set_run(self, run: Path | None) -> None:
        """Note in the marker which run is open; does nothing where the disk refuses."""
        facts = {
            "process": os.getpid(),
            "host": platform.node(),
            "began": psutil.Process().create_time(),
            **({"run": text_of(run)} if run is not None else {}),
        }
        try:
            atomic.write_text(self._marker, tomli_w.dumps(facts))
        except OSError:
            return

    def show_life(self) -> None:
        """Touch the marker: its time tells roughly when a crash happened."""
        try:
            os.utime(self._marker)
        except OSError:
            return

    def write_trace(self, text: str) -> None:
        """Add the traceback of an exception that ends the program."""
        if self._trace is not None:
            self._trace.write(text)
            self._trace.flush()

    def end(self) -> None:
        """Remove the marker: the program ends normally."""
        if self._trace is None:
            return
        faulthandler.disable()
        if self._was_enabled and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        self._trace.close()
        self._trace = None
        try:
            atomic.remove(self._marker)
            atomic.remove(self._trace_file)
        except OSError:
            return


def state_folder() -> Path:
    """Return the folder of the markers."""
    return Path(user_state_path("gan-studio", appauthor=False)) / "programs"


def take_crashes() -> tuple[Crash, ...]:
    """Return the crashes since the last start, oldest first, and remove their markers.

    The last MOST_KEPT crash texts stay in the same folder for a report.
    """
    return tuple(crash for marker in sorted(state_folder().glob("*.toml")) if (crash := _taken(marker)) is not None)


def crash_texts() -> tuple[str, ...]:
    """Return the texts of the last crashes, oldest first."""
    return tuple(_text_of(file) for file in sorted(state_folder().glob("crash-*.txt")))


def _taken(marker: Path) -> Crash | None:
    """Read and remove the marker of a process that is gone; None: it still runs, or ran on another machine."""
    try:
        facts = tomllib.loads(_text_of(marker))
        began = float(facts.get("began", 0.0))
        if facts.get("host", platform.node()) != platform.node() or _is_alive(facts, began):
            return None
        trace = marker.with_suffix(".trace")
        run = _run_of(facts)
        crash = Crash(_time(began), _time(_last_written(marker, trace)), run, _text_of(trace), _name_of(run))
        _keep(crash, marker)
        atomic.remove(marker)
        atomic.remove(trace)
    except (OSError, ValueError, TypeError):
        return None
    return crash


def _is_alive(facts: dict[str, Any], began: float) -> bool:
    try:
        program = psutil.Process(int(facts.get("process", 0)))
        is_same: bool = abs(program.create_time() - began) < SAME_SECONDS
        return is_same and bool(program.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _keep(crash: Crash, marker: Path) -> None:
    stamp = crash.ended.replace(":", ".").replace(" ", "-")
    atomic.write_text(marker.with_name(f"crash-{stamp}-{marker.stem}.txt"), crash.text)
    for old in sorted(marker.parent.glob("crash-*.txt"))[:-MOST_KEPT]:
        atomic.remove(old)


def _last_written(*files: Path) -> float:
    return max(file.stat().st_mtime for file in files if file.exists())


def _name_of(run: Path | None) -> Message | None:
    try:
        return open_run(run).read().name if run is not None else None
    except (EngineError, OSError):
        return None


def _run_of(facts: dict[str, Any]) -> Path | None:
    run = facts.get("run")
    return path_of(run) if isinstance(run, str) and run else None


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as source:
            return source.read(TRACE_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S}"
