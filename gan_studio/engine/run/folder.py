"""The folder of one run: everything about it, readable by others while it runs."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli_w
from platformdirs import user_documents_path

from gan_studio.engine.config.files import parse_config
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.files import atomic
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import EngineError, Message

FORMAT_VERSION = 1
MOST_KEPT = 200
"""Sheets, and snapshots, that a run keeps."""
LAST_KEPT = 3
"""Checkpoints that stay whatever their age; those before them are spread over the branch."""
PARTS = ("checkpoints", "snapshots", "samples")
"""Folders within a run folder."""


@dataclass(frozen=True)
class RunFolder:
    """Places within a run folder; it reads names, never contents.

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
        """Held by the one writer."""
        return self.root / "run.lock"

    @property
    def writer_file(self) -> Path:
        """Who the one writer is."""
        return self.root / "run.writer"

    def checkpoint(self, moment: Moment) -> Path:
        """Name the file with everything to go on bit for bit."""
        return self.root / "checkpoints" / f"{moment.stem}.safetensors"

    def snapshot(self, moment: Moment) -> Path:
        """Name the file with the EMA generator alone."""
        return self.root / "snapshots" / f"{moment.stem}.safetensors"

    def sheet(self, moment: Moment) -> Path:
        """Name the picture file of a sample sheet."""
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

    def read_config(self) -> RunConfig:
        """Read the run's configuration; raises EngineError when run.toml is damaged."""
        return parse_config(self.read_facts().get("config"), self.config_file)

    def read_facts(self) -> dict[str, Any]:
        """Read run.toml whole; raises EngineError when it is damaged or of a newer format."""
        facts = read_toml(self.config_file)
        version = facts.get("format_version")
        if version != FORMAT_VERSION:
            raise EngineError(
                Message("run.other_format", path=self.root, version=version, known=FORMAT_VERSION),
                Message("kept.file_untouched"),
                Message("todo.newer_program"),
            )
        if not _is_whole(facts):
            raise EngineError(
                Message("run.damaged", path=self.config_file),
                Message("kept.file_untouched"),
                Message("todo.mend_file"),
            )
        return facts

    def class_names(self) -> tuple[str, ...]:
        """Name the classes of a class-conditional run, else none; raises EngineError when run.toml is damaged."""
        return tuple(self.read_facts()["pictures"].get("classes", ()))

    def refuse_links(self) -> None:
        """Refuse a run in which a symbolic link stands where training would write through it.

        Raises:
            EngineError: naming the link.
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


def _is_whole(facts: dict[str, Any]) -> bool:
    """Tell whether run.toml has the parts that every run has, and names classes only of a run by class."""
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
    return (folder / "run.toml").is_file()


def open_run(folder: Path) -> RunFolder:
    """Open the folder of an existing run; raises EngineError when it holds none."""
    if not is_run(folder):
        raise EngineError(
            Message("run.missing", path=folder), Message("kept.nothing_begun"), Message("todo.choose_run")
        )
    return RunFolder(folder.resolve())


def create_run(
    folder: Path,
    config: RunConfig,
    environment: dict[str, Any],
    pictures: dict[str, Any],
    execution: dict[str, Any],
    origin: dict[str, Any] | None = None,
) -> RunFolder:
    """Lay a new run folder; run.toml is written last, so a folder is a run only when it is whole.

    Args:
        folder: must not hold a run; made with its parents where it does not exist.
        config: written whole.
        environment: system and library versions.
        pictures: digest and count of the data.
        execution: what fixes the bits.
        origin: whose weights a fine-tuned run begins with.

    Raises:
        EngineError: the folder holds a run already, or cannot be written.
    """
    if is_run(folder):
        raise EngineError(
            Message("run.exists", path=folder), Message("kept.file_untouched"), Message("todo.resume_or_other")
        )
    try:
        for part in PARTS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        facts = {
            "format_version": FORMAT_VERSION,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "config": config.model_dump(),
            "pictures": pictures,
            "execution": execution,
            "environment": environment,
            **({"origin": origin} if origin else {}),
        }
        atomic.write_text(folder / "run.toml", tomli_w.dumps(facts))
    except OSError as error:
        raise not_writable(folder, error) from error
    return RunFolder(folder.resolve())


def not_writable(folder: Path, error: Exception) -> EngineError:
    """Say that a run folder cannot be written."""
    return EngineError(
        Message("run.not_writable", path=folder, error=error),
        Message("kept.nothing_begun"),
        Message("todo.other_folder"),
    )


def runs_root() -> Path:
    """Return where new runs go unless a folder is named: the user's documents, or $GAN_STUDIO_RUNS."""
    named = os.environ.get("GAN_STUDIO_RUNS")
    return Path(named) if named else user_documents_path() / "GAN Studio"


def new_run_place(config: RunConfig, root: Path) -> Path:
    """Choose a free folder for a new run, named by date, preset and data."""
    data = config.data.source.rpartition(":")[2].rstrip("/\\")
    name = f"{datetime.now().astimezone():%Y-%m-%d %H.%M.%S} {config.preset} {Path(data).name}"
    place, count = root / name, 2
    while place.exists():
        place, count = root / f"{name} ({count})", count + 1
    return place


def surplus_checkpoints(moments: tuple[Moment, ...], most: int) -> tuple[Moment, ...]:
    """Choose which checkpoints of a branch to delete so that `most` stay: the last three, older ones spread out."""
    return surplus(moments[:-LAST_KEPT], max(most - LAST_KEPT, 1))


def surplus(moments: tuple[Moment, ...], most: int = MOST_KEPT) -> tuple[Moment, ...]:
    """Choose what to delete so that at most `most` of a branch stay, spaced evenly on a log scale of steps.

    The first and the last always stay; of the others goes the one whose neighbours are closest in ratio.
    Of one place, the last has it.
    """
    if most == 1:
        return moments[:-1]
    kept, gone = list(moments), []
    while len(kept) > most:
        ratios = [(kept[i + 1].step + 1) / (kept[i - 1].step + 1) for i in range(1, len(kept) - 1)]
        gone.append(kept.pop(1 + ratios.index(min(ratios))))
    return tuple(gone)
