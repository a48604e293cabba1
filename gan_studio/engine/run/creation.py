"""Create a run folder, whole or not at all; run.toml is written last."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.files import atomic
from gan_studio.engine.run.folder import FORMAT_VERSION, PARTS, RunFolder, is_run, not_writable
from gan_studio.engine.run.rows import refuse_long_path
from gan_studio.engine.text.message import EngineError, Message


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
) -> RunFolder:
    """Create a run folder. run.toml is written last, so a folder counts as a run only when it is complete.

    Args:
        folder: must not hold a run; created with its parents if missing.
        config: the set-up.
        environment: system and library versions.
        pictures: digest and count of the data.
        execution: the fields of the run's Execution.
        origin: for a fine-tuned run, where its weights come from.

    Raises:
        EngineError: the folder already holds a run, or cannot be written; then no folder is left behind.
    """
    check_new_place(folder)
    facts = {
        "format_version": FORMAT_VERSION,
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
