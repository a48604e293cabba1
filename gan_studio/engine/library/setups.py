"""Read and write set-ups for the window."""

from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.config.files import config_toml, read_config, write_setup
from gan_studio.engine.config.presets import save_user_preset
from gan_studio.engine.config.schema import RunConfig


@dataclass(frozen=True)
class ReadSetup:
    """Ask to read a set-up from a TOML file; `only_networks`: only its networks are wanted."""

    path: Path
    only_networks: bool = False


@dataclass(frozen=True)
class WriteSetup:
    """Ask to write a set-up into a TOML file."""

    path: Path
    config: RunConfig


@dataclass(frozen=True)
class SavePreset:
    """Ask to save a set-up as a preset of the user."""

    name: str
    config: RunConfig


@dataclass(frozen=True)
class SetupRead:
    """A set-up from a file; `only_networks`: only its networks were wanted."""

    path: Path
    config: RunConfig
    only_networks: bool = False


@dataclass(frozen=True)
class SetupWritten:
    """The set-up was written."""

    path: Path


@dataclass(frozen=True)
class PresetSaved:
    """The preset was saved; `config` is the set-up, named after it."""

    config: RunConfig


SetupRequest = ReadSetup | WriteSetup | SavePreset
SetupReply = SetupRead | SetupWritten | PresetSaved


def answer_setup(request: SetupRequest) -> SetupReply | NotDone:
    """Answer a request; a fault comes back as NotDone, never as an exception."""
    return answer(_meet, request)


def _meet(request: SetupRequest) -> SetupReply:
    match request:
        case ReadSetup(path, only_networks):
            return SetupRead(path, read_config(path), only_networks)
        case WriteSetup(path, config):
            write_setup(path, config_toml(config))
            return SetupWritten(path)
        case SavePreset(name, config):
            return PresetSaved(save_user_preset(name, config))
