"""RunFolder: the paths of a run's files, and what run.toml holds."""

import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from platformdirs import user_documents_path

from gan_studio.engine.config.files import parse_config
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.files.paths import URI, absolute, file_name, path_of
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.naming import made_name, name_in_file
from gan_studio.engine.text.message import EngineError, Message, readable, reason_of

FORMAT_VERSION = 1
MOST_KEPT = 200
"""Most sample sheets, and most snapshots, that a branch keeps."""
LAST_KEPT = 3
"""Newest checkpoints that always stay; older ones are spread over the branch."""
PARTS = ("checkpoints", "snapshots", "samples")
"""Folders inside a run folder."""

MOST_NAME_BYTES = 80
"""Most bytes of a preset's or a source's name in the name of a run folder: a file name has at most 255."""


@dataclass(frozen=True)
class RunFile:
    """What run.toml holds.

    Attributes:
        config: the set-up of the run.
        class_names: the classes of a class-conditional run, else empty.
        pictures: digest and count of its pictures, as data.questions.picture_facts describes them.
        execution: the entries of its Execution, unchecked.
        has_origin: whether it began with the weights of an earlier run or of a file.
        given_name: what a person calls it, or "".
        name_fault: why the name in the file is not shown, or not as it stands there; or None.
        created: when it was created, in ISO 8601, or "".
    """

    config: RunConfig
    class_names: tuple[str, ...]
    pictures: dict[str, Any]
    execution: dict[str, Any]
    has_origin: bool
    given_name: str = ""
    name_fault: Message | None = None
    created: str = ""

    @property
    def name(self) -> Message:
        """What the run is called: by a person, or else by its pictures."""
        return Message("name.given", name=self.given_name) if self.given_name else self.data_name

    @property
    def data_name(self) -> Message:
        """What its pictures are called, and how many it learns from."""
        return made_name(self.config.data.source, self.pictures.get("count"))


@dataclass(frozen=True)
class RunFolder:
    """Paths inside a run folder. Only `read` opens a file; the others look at names.

    Attributes:
        root: the folder itself.
    """

    root: Path

    @property
    def config_file(self) -> Path:
        """Configuration, environment and a digest of the data."""
        return self.root / "run.toml"

    @property
    def log_file(self) -> Path:
        """Metrics, knob changes, notes."""
        return self.root / "run.sqlite"

    @property
    def lock_file(self) -> Path:
        """Locked by the one program that writes the run."""
        return self.root / "run.lock"

    @property
    def writer_file(self) -> Path:
        """Tells which program holds the lock."""
        return self.root / "run.writer"

    def checkpoint(self, moment: Moment) -> Path:
        """Return the path of a checkpoint: everything to resume bit for bit."""
        return self.root / "checkpoints" / f"{moment.stem}.safetensors"

    def snapshot(self, moment: Moment) -> Path:
        """Return the path of a snapshot: the EMA generator alone."""
        return self.root / "snapshots" / f"{moment.stem}.safetensors"

    def sheet(self, moment: Moment) -> Path:
        """Return the path of a sample sheet."""
        return self.root / "samples" / f"{moment.stem}.png"

    def checkpoints(self) -> tuple[Moment, ...]:
        """List the checkpoints, oldest first."""
        return _moments(self.root / "checkpoints", ".safetensors")

    def snapshots(self) -> tuple[Moment, ...]:
        """List the snapshots, oldest first."""
        return _moments(self.root / "snapshots", ".safetensors")

    def sheets(self) -> tuple[Moment, ...]:
        """List the sample sheets, oldest first."""
        return _moments(self.root / "samples", ".png")

    def read(self) -> "RunFile":
        """Read run.toml; raises EngineError when it is damaged or of another format."""
        facts = read_toml(self.config_file)
        version = facts.get("format_version")
        if version != FORMAT_VERSION:
            raise EngineError(
                Message("run.other_format", path=self.root, version=version, known=FORMAT_VERSION),
                Message("kept.file_untouched"),
                Message("todo.newer_program"),
            )
        if not _is_whole(facts):
            raise damaged(self)
        names = tuple(facts["pictures"].get("classes", ()))
        config = parse_config(facts["config"], self.config_file)
        name, fault = name_in_file(facts.get("name", ""), self.config_file)
        created = facts.get("created")
        return RunFile(
            config,
            names,
            facts["pictures"],
            facts["execution"],
            has_origin="origin" in facts,
            given_name=name,
            name_fault=fault,
            created=created if isinstance(created, str) else "",
        )

    def refuse_links(self) -> None:
        """Refuse a run with a symbolic link where training would write.

        Raises:
            EngineError: names the link.
        """
        log = self.log_file.name
        files = ("run.toml", self.lock_file.name, self.writer_file.name, log, f"{log}-wal", f"{log}-shm")
        for name in (*PARTS, *files):
            if (self.root / name).is_symlink():
                raise EngineError(
                    Message("run.link", path=self.root / name),
                    Message("kept.file_untouched"),
                    Message("todo.remove_link"),
                )


def damaged(folder: RunFolder) -> EngineError:
    """Say that run.toml is damaged."""
    return EngineError(
        Message("run.damaged", path=folder.config_file), Message("kept.file_untouched"), Message("todo.mend_file")
    )


def _is_whole(facts: dict[str, Any]) -> bool:
    """Tell whether run.toml has its three sections, and class names only if the run is class-conditional."""
    if not all(isinstance(facts.get(part), dict) for part in ("config", "pictures", "execution")):
        return False
    names, model = facts["pictures"].get("classes", []), facts["config"].get("model")
    is_by_class = isinstance(model, dict) and model.get("conditional") is True
    return isinstance(names, list) and all(isinstance(name, str) for name in names) and (is_by_class or not names)


def _moments(folder: Path, suffix: str) -> tuple[Moment, ...]:
    found = []
    for path in folder.glob(f"b*-step-*{suffix}"):
        try:
            found.append(Moment.of_file(path))
        except ValueError:
            continue
    return tuple(sorted(found))


def is_run(folder: Path) -> bool:
    """Tell whether a folder holds a run."""
    return os.path.isfile(folder / "run.toml")  # noqa: PTH113  (Path raises where a name is too long)


def open_run(folder: Path) -> RunFolder:
    """Open the folder of an existing run; raises EngineError when it holds none, or cannot be looked into."""
    place = absolute(folder)
    try:
        is_there = stat.S_ISREG((place / "run.toml").stat().st_mode)
        root = place.resolve()
    except (FileNotFoundError, NotADirectoryError):
        is_there = False
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links
        raise EngineError(
            Message("run.not_readable", path=folder, error=reason_of(error)),
            Message("kept.nothing_begun"),
            Message("todo.choose_run"),
        ) from error
    if not is_there:
        raise EngineError(
            Message("run.missing", path=folder), Message("kept.nothing_begun"), Message("todo.choose_run")
        )
    return RunFolder(root)


def not_writable(folder: Path, error: Exception) -> EngineError:
    """Say that a run folder cannot be written."""
    return EngineError(
        Message("run.not_writable", path=folder, error=reason_of(error)),
        Message("kept.nothing_begun"),
        Message("todo.other_folder"),
    )


def runs_root() -> Path:
    """Return the default place of new runs: $GAN_STUDIO_RUNS, else a folder in the user's documents."""
    named = os.environ.get("GAN_STUDIO_RUNS")
    return Path(named) if named else user_documents_path() / "GAN Studio"


def new_run_place(config: RunConfig, root: Path) -> Path:
    """Return a path that does not exist yet, named by date, preset and data."""
    source = config.data.source
    data = path_of(source) if source.startswith(URI) else Path(source.rpartition(":")[2].rstrip("/\\"))
    preset, pictures = (file_name(readable(part), MOST_NAME_BYTES) for part in (config.preset, data.name))
    name = f"{datetime.now().astimezone():%Y-%m-%d %H.%M.%S} {preset} {pictures}".rstrip()
    place, count = root / name, 2
    while os.path.lexists(place):
        place, count = root / f"{name} ({count})", count + 1
    return place


def surplus_checkpoints(moments: tuple[Moment, ...], most: int) -> tuple[Moment, ...]:
    """Choose the checkpoints of a branch to delete, so that the last three stay and older ones are spread out.

    Args:
        moments: checkpoints of one branch, oldest first.
        most: how many stay.
    """
    return surplus(moments[:-LAST_KEPT], max(most - LAST_KEPT, 1))


def surplus(moments: tuple[Moment, ...], most: int = MOST_KEPT) -> tuple[Moment, ...]:
    """Choose the moments of a branch to delete, so that those that stay are evenly spaced on a log scale of steps.

    The first and the last stay. The moment whose neighbours are closest in ratio goes first, until `most` are left.

    Args:
        moments: moments of one branch, oldest first.
        most: how many stay; 1 keeps only the last.
    """
    if most == 1:
        return moments[:-1]
    kept, gone = list(moments), []
    while len(kept) > most:
        ratios = [(kept[i + 1].step + 1) / (kept[i - 1].step + 1) for i in range(1, len(kept) - 1)]
        gone.append(kept.pop(1 + ratios.index(min(ratios))))
    return tuple(gone)
