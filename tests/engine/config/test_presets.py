"""Presets of the user, set-ups as files, and the command line that starts one again."""

import os
import shlex
from pathlib import Path

import pytest

from gan_studio.cli.main import build_parser
from gan_studio.cli.values import chosen_config
from gan_studio.engine.config.as_command import command_line
from gan_studio.engine.config.files import config_toml, read_config
from gan_studio.engine.config.presets import (
    load_preset,
    preset_name_fault,
    preset_names,
    save_user_preset,
    shipped_preset_names,
    user_presets_folder,
)
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.text.message import EngineError

CHANGED = with_values(
    RunConfig(),
    {
        "seed": 2**63 - 1,
        "data.source": '/pictures/it\'s 100 % \u732b "cats"; rm -rf $HOME',
        "data.classes": "cat, dog",
        "data.background": "#00ff00",
        "training.learning_rate_g": 3.3e-5,
        "training.d_steps": 3,
        "training.rate_half_life": 1e12,
        "model.prior": "sphere",
    },
)


def parsed(command: str) -> RunConfig:
    """Read a command as a shell and the program do."""
    return chosen_config(build_parser().parse_args(shlex.split(command)[1:]))[0]


def test_that_a_users_preset_comes_back_after_the_shipped_ones() -> None:
    kept = save_user_preset("my cats \u732b", CHANGED)
    save_user_preset("a first one", CHANGED)
    assert preset_names() == (*shipped_preset_names(), "a first one", "my cats \u732b")
    preset = load_preset("my cats \u732b")
    assert preset.config == kept == with_values(CHANGED, {"preset": "my cats \u732b"})
    assert (preset.title, preset.summary) == ("my cats \u732b", "")


def test_that_saving_again_under_a_name_replaces_what_was_kept() -> None:
    save_user_preset("mine", CHANGED)
    save_user_preset("mine", RunConfig())
    assert load_preset("mine").config.data == RunConfig().data
    assert preset_names().count("mine") == 1


def test_that_a_damaged_preset_is_skipped_in_the_list_and_named_when_loaded() -> None:
    save_user_preset("whole", CHANGED)
    (user_presets_folder() / "broken.toml").write_text("[model]\nwidth = 'wide'\n", encoding="utf-8")
    (user_presets_folder() / "no toml.toml").write_bytes(b"\xff\xfe")
    assert preset_names() == (*shipped_preset_names(), "whole")
    with pytest.raises(EngineError, match=r"broken cannot be used.*model\.width"):
        load_preset("broken")


@pytest.mark.skipif(os.name != "posix", reason="no named pipes")
def test_that_what_is_no_file_is_no_preset() -> None:
    save_user_preset("whole", CHANGED)
    os.mkfifo(user_presets_folder() / "pipe.toml")
    (user_presets_folder() / "con.toml").write_text("", encoding="utf-8")
    assert preset_names()[-1] == "whole"
    with pytest.raises(EngineError, match="no preset called pipe"):
        load_preset("pipe")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 51,
        "a/b",
        "a\\b",
        "..",
        ".hidden",
        "end.",
        " x",
        "x ",
        "tab\tname",
        "a:b",
        "CON",
        "nul.txt",
        "Paper",
    ],
)
def test_that_a_name_that_is_no_file_name_everywhere_is_refused(name: str) -> None:
    assert preset_name_fault(name) is not None
    with pytest.raises(EngineError, match="cannot be the name of a preset"):
        save_user_preset(name, RunConfig())
    assert preset_names() == shipped_preset_names()


def test_that_a_long_name_of_wide_signs_is_saved() -> None:
    name = "\U0001f408" * 50
    save_user_preset(name, RunConfig())
    assert load_preset(name).name == name


def test_that_a_folder_that_cannot_be_written_is_told_in_three_parts(own_home: Path) -> None:
    user_presets_folder().parent.mkdir(parents=True)
    user_presets_folder().write_text("a file in the way", encoding="utf-8")
    with pytest.raises(EngineError) as refused:
        save_user_preset("mine", RunConfig())
    assert "could not be written" in str(refused.value.happened)


def test_that_a_preset_file_is_a_set_up_like_any_other(tmp_path: Path) -> None:
    save_user_preset("mine", CHANGED)
    assert read_config(user_presets_folder() / "mine.toml") == with_values(CHANGED, {"preset": "mine"})
    path = tmp_path / "set-up.toml"
    path.write_text(config_toml(CHANGED), encoding="utf-8")
    assert read_config(path) == CHANGED


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        CHANGED,
        with_values(RunConfig(), {"model.conditional": True, "training.train_d": False, "data.classes": ""}),
        with_values(CHANGED, {"preset": "gone"}),
    ],
)
def test_that_the_command_of_a_set_up_gives_the_same_set_up(config: RunConfig) -> None:
    assert parsed(command_line(config)) == config


@pytest.mark.parametrize("name", shipped_preset_names())
def test_that_the_command_of_a_preset_names_it_and_nothing_else(name: str) -> None:
    assert command_line(load_preset(name).config) == f"gan-studio train --preset {name}"


def test_that_the_command_names_only_what_differs() -> None:
    config = with_values(load_preset("paper").config, {"seed": 7, "model.width": 32})
    words = shlex.split(command_line(config))
    assert words == ["gan-studio", "train", "--preset", "paper", "--set", "seed=7", "--set", "model.width=32"]


def test_that_the_command_of_a_users_preset_names_it() -> None:
    kept = save_user_preset("my cats", CHANGED)
    assert command_line(kept) == "gan-studio train --preset 'my cats'"
    assert parsed(command_line(kept)) == kept
