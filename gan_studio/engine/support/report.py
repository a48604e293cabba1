"""A report about a fault of the program: a zip of text files, without names, secrets or the home path."""

import getpass
import importlib.metadata
import io
import os
import platform
import re
import socket
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from gan_studio.engine.files import atomic
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.log import read_notes
from gan_studio.engine.support.crash_marker import crash_texts
from gan_studio.engine.support.log import log_tail
from gan_studio.engine.text.message import EngineError, Message

LOG_BYTES = 262_144
CONFIG_BYTES = 1_048_576
MOST_NOTES = 200
SHORTEST_NAME = 4
"""Shorter names are replaced only where they are whole words."""
COMMON_NAMES = ("root", "user", "admin", "administrator", "localhost", "default", "public", "guest")
"""Names that identify nobody and occur in many other words; replaced only where they are whole words."""
PACKAGES = (
    "gan-studio", "torch", "torchvision", "numpy", "pillow", "safetensors", "pydantic", "filelock", "psutil",
    "PySide6-Essentials", "pyqtgraph", "wakepy",
)  # fmt: skip

_PASSWORD = re.compile(r"(?<=://)[^/\s@]+@")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_report(path: Path, findings: Callable[[], Iterable[str]], run: Path | None = None) -> None:
    """Write a report.

    Args:
        path: the zip file to write.
        findings: examines this machine and returns the findings, one a line.
        run: folder of a run whose run.toml and last notes go into the report, without pictures and weights.

    Raises:
        EngineError: `run` is not a run, or the file cannot be written.
    """
    texts = {
        "environment.txt": _environment,
        "doctor.txt": lambda: "\n".join(findings()),
        "log.txt": lambda: log_tail(LOG_BYTES),
        "crashes.txt": lambda: "\n\n".join(crash_texts()) or "none",
    }
    if run is not None:
        folder = open_run(run)
        texts["run.toml"] = lambda: _beginning_of(folder.config_file)
        texts["notes.txt"] = lambda: _notes(folder.log_file)
    hide = Redaction()
    content = _zipped({name: hide(_told(text)) for name, text in texts.items()})
    try:
        atomic.write_atomically(path, [content])
    except OSError as error:
        raise EngineError(
            Message("report.not_written", path=path, error=error.strerror or error),
            Message("kept.file_untouched"),
            Message("todo.other_folder"),
        ) from error


class Redaction:
    """Removes what identifies the user from a text: home path, user and host names, passwords in addresses."""

    def __init__(self) -> None:
        homes = {str(home) for home in (Path.home(), Path.home().resolve(), Path(os.path.expanduser("~")))}  # noqa: PTH111  (what libraries call)
        spelt = {home for one in homes for home in _spellings(one)}
        self._homes = _any_of(spelt)
        hosts = {name for full in (platform.node(), socket.gethostname()) for name in (full, full.partition(".")[0])}
        self._hosts = _any_of(hosts, whole_words=True)
        self._users = _any_of({*_user_names(), *(Path(home).name for home in homes)}, whole_words=True)

    def __call__(self, text: str) -> str:
        """Return the text without what identifies the user."""
        text = _PASSWORD.sub("", text)
        text = self._homes.sub("~", text)
        return self._users.sub("USER", self._hosts.sub("HOST", text))


def _spellings(home: str) -> set[str]:
    """Return every spelling of a path that may occur in a text."""
    return {home, home.replace("\\", "/"), home.replace("\\", "\\\\"), quote(home), quote(home.replace("\\", "/"))}


def _any_of(names: Iterable[str], *, whole_words: bool = False) -> re.Pattern[str]:
    """Match any of these names, longest first, in any case; short and common ones only as whole words."""
    parts = []
    for name in sorted({name for name in names if name.strip("/\\. ")}, key=len, reverse=True):
        is_plain = len(name) < SHORTEST_NAME or name.lower() in COMMON_NAMES
        edges = (r"(?<![^\W_])", r"(?![^\W_])") if whole_words and is_plain else ("", "")
        parts.append(f"{edges[0]}{re.escape(name)}{edges[1]}")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _user_names() -> set[str]:
    names = {os.environ.get(name, "") for name in ("LOGNAME", "USER", "LNAME", "USERNAME")}
    try:
        names.add(getpass.getuser())
    except (OSError, KeyError):
        return names  # a user without a name has nothing to hide
    return names


def _environment() -> str:
    facts = {
        "python": sys.version.replace("\n", " "),
        "system": platform.platform(),
        "machine": platform.machine(),
        "processors": f"{os.cpu_count()}, of which {usable_cores()} may be used",
        **{name: _version(name) for name in PACKAGES},
    }
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items())


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _beginning_of(file: Path) -> str:
    with file.open("rb") as source:
        return source.read(CONFIG_BYTES).decode("utf-8", "replace")


def _notes(log_file: Path) -> str:
    log_file.stat()  # raises if it is missing; SQLite would create it
    return "\n".join(f"step {step}: {text}" for step, text in read_notes(log_file)[-MOST_NOTES:])


def _told(text: Callable[[], str]) -> str:
    """Return a text, or why it failed: a report about a broken program contains whatever still works."""
    try:
        return text()
    except (OSError, sqlite3.Error) as error:
        return f"could not be read: {error}"
    except Exception as error:  # noqa: BLE001  (what fails here may be what the report is about)
        return f"failed: {type(error).__name__}: {error}"


def _zipped(texts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
