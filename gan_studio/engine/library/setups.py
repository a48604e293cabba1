"""Set-ups read from and written to files for the window: requests, and what answers them."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config.files import config_toml, read_config, write_setup
from gan_studio.engine.config.presets import save_user_preset
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.library.runs import NotRead, not_read
from gan_studio.engine.text.message import EngineError


@dataclass(frozen=True)
class ReadSetup:
    """Read a set-up from a TOML file."""

    path: Path


@dataclass(frozen=True)
class WriteSetup:
    """Write a set-up into a TOML file."""

    path: Path
    config: RunConfig


@dataclass(frozen=True)
class SavePreset:
    """Keep a set-up among the user's presets."""

    name: str
    config: RunConfig


@dataclass(frozen=True)
class SetupRead:
    """A set-up from a file."""

    path: Path
    config: RunConfig


@dataclass(frozen=True)
class SetupWritten:
    """A set-up is in a file."""

    path: Path


@dataclass(frozen=True)
class PresetSaved:
    """A preset of the user is on the disk; `config` is the set-up with its name."""

    config: RunConfig


SetupRequest = ReadSetup | WriteSetup | SavePreset
SetupReply = SetupRead | SetupWritten | PresetSaved | NotRead


def answer(request: SetupRequest) -> SetupReply:
    """Do what is asked; a fault of files comes back as NotRead."""
    try:
        match request:
            case ReadSetup(path):
                return SetupRead(path, read_config(path))
            case WriteSetup(path, config):
                write_setup(path, config_toml(config))
                return SetupWritten(path)
            case SavePreset(name, config):
                return PresetSaved(save_user_preset(name, config))
    except EngineError as error:
        return NotRead(error.happened, error.kept, error.todo)
    except Exception as error:  # noqa: BLE001  (the thread that answers must live on; what it met is told)
        return not_read(f"{type(error).__name__}: {error}")
