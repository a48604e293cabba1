"""Write run.toml: create a run folder, whole or not at all, and change what an existing run is called."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.files import atomic
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.run.folder import FORMAT_VERSION, PARTS, RunFolder, is_run, not_writable
from gan_studio.engine.run.lock import sole_writer
from gan_studio.engine.run.naming import clean_name
from gan_studio.engine.run.rows import refuse_long_path
from gan_studio.engine.text.message import EngineError, Message

_rewriting = threading.Lock()
"""Held while run.toml is changed: of two threads that change it, neither loses what the other wrote."""


def check_new_place(folder: Path) -> None:
    """Refuse a place where no run can be created, before anything takes time.

    Raises:
        EngineError: it holds a run, or cannot be written.
    """
    if is_run(folder):
        raise EngineError(
            Message("run.exists", path=folder), Message("kept.file_untouched"), Message("todo.resume_or_other")
        )
    refuse_long_path(RunFolder(folder).log_file)
    existing = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not os.path.isdir(existing):  # noqa: PTH112  (Path raises where a parent folder is closed)
        _refuse_file(folder, existing)
    try:
        (folder / PARTS[0]).lstat()
    except (FileNotFoundError, NotADirectoryError):
        if not os.access(existing, os.W_OK | os.X_OK):
            raise not_writable(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES))) from None
    except (OSError, ValueError) as error:
        raise not_writable(folder, error) from error


def create_run(
    folder: Path,
    config: RunConfig,
    environment: dict[str, Any],
    pictures: dict[str, Any],
    execution: dict[str, Any],
    origin: dict[str, Any] | None = None,
    name: str = "",
) -> RunFolder:
    """Create a run folder. run.toml is written last, so a folder counts as a run only when it is complete.

    Args:
        folder: must not hold a run; created with its parents if missing.
        config: the set-up.
        environment: system and library versions.
        pictures: digest and count of the data.
        execution: the fields of the run's Execution.
        origin: for a fine-tuned run, where its weights come from.
        name: what a person calls it; empty: it is called by its pictures.

    Raises:
        EngineError: the folder already holds a run, or cannot be written, or the name cannot be used; then no folder is
            left behind.
    """
    check_new_place(folder)
    facts = {
        "format_version": FORMAT_VERSION,
        **({"name": clean_name(name)} if name else {}),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": config.model_dump(),
        "pictures": pictures,
        "execution": execution,
        "environment": environment,
        **({"origin": origin} if origin else {}),
    }
    try:
        with _made(folder):
            atomic.write_text(folder / "run.toml", tomli_w.dumps(facts))
    except (OSError, ValueError) as error:
        raise not_writable(folder, error) from error
    return RunFolder(folder.resolve())


def rename_run(folder: RunFolder, name: str) -> None:
    """Give a run another name; an empty one calls it by its pictures again.

    Raises:
        EngineError: the name cannot be used, another program trains the run, or run.toml cannot be written.
    """
    kept = clean_name(name) if name.strip() else None

    def call_it(facts: dict[str, Any]) -> None:
        facts.pop("name", None)
        if kept is not None:
            facts["name"] = kept

    try:
        with sole_writer(folder):
            rewrite(folder, call_it)
    except OSError as error:
        raise EngineError(
            Message("run.not_renamed", path=folder.root, error=error),
            Message("kept.file_untouched"),
            Message("todo.check_disk"),
        ) from error


def rewrite(folder: RunFolder, change: Callable[[dict[str, Any]], None]) -> None:
    """Change facts in run.toml, all else unchanged; call it only under the run's lock.

    Raises:
        EngineError: run.toml cannot be read.
        OSError: it cannot be written.
    """
    with _rewriting:
        facts = read_toml(folder.config_file)
        change(facts)
        atomic.write_text(folder.config_file, tomli_w.dumps(facts))


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folders of a run; if the block raises, remove those that were not there before."""
    made: list[Path] = []
    try:
        for part in PARTS:
            for place in (*reversed((folder / part).parents), folder / part):
                if not os.path.isdir(place):  # noqa: PTH112  (Path raises where a name is too long)
                    _refuse_file(folder, place)
                    place.mkdir()
                    made.append(place)
        yield
    except BaseException:
        for place in reversed(made):
            with suppress(OSError):  # another program may have put something into it
                place.rmdir()
        raise


def _refuse_file(folder: Path, place: Path) -> None:
    """Raise EngineError if something other than a folder is where one has to be made."""
    if os.path.lexists(place):
        raise EngineError(
            Message("run.file_in_way", path=folder, file=place),
            Message("kept.nothing_begun"),
            Message("todo.other_folder"),
        )
