"""The schema of a run: limits, live settings, and files of it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gan_studio.engine.config.files import config_toml, read_config
from gan_studio.engine.config.presets import load_preset, preset_names
from gan_studio.engine.config.schema import LIVE_KNOBS, RunConfig, field_specs, with_values
from gan_studio.engine.text.message import EngineError


def test_that_every_field_has_a_title_a_help_and_titles_for_its_choices() -> None:
    for spec in field_specs():
        assert str(spec.title)
        assert str(spec.help)
        assert all(str(spec.choice_title(choice)) for choice in spec.choices)


def test_that_the_defaults_are_the_papers_adam() -> None:
    training = RunConfig().training
    assert (training.learning_rate_g, training.learning_rate_d) == (2e-4, 2e-4)
    assert (training.beta1, training.beta2) == (0.5, 0.999)


def test_that_rates_the_average_and_the_batch_are_live_and_what_builds_the_networks_is_not() -> None:
    assert {"learning_rate_g", "learning_rate_d", "ema_half_life", "batch_size"} <= set(LIVE_KNOBS)
    assert not {"width", "latent_dim", "prior", "loss", "seed"} & set(LIVE_KNOBS)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("training.batch_size", 1),
        ("training.learning_rate_g", 0.0),
        ("training.learning_rate_g", float("nan")),
        ("model.width", 3),
        ("data.image_size", 48),
        ("device", "tpu"),
        ("seed", -1),
    ],
)
def test_that_a_value_outside_its_limits_is_refused(path: str, value: object) -> None:
    with pytest.raises(ValidationError):
        with_values(RunConfig(), {path: value})


def test_that_a_configuration_survives_a_toml_file(tmp_path: Path) -> None:
    config = with_values(RunConfig(), {"training.learning_rate_g": 3.3e-4, "model.prior": "uniform", "seed": 7})
    path = tmp_path / "run.toml"
    path.write_text(config_toml(config), encoding="utf-8")
    assert read_config(path) == config


def test_that_the_name_that_a_setting_had_in_older_run_folders_is_read(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text("cuda_graph = false\n", encoding="utf-8")
    config = read_config(file)
    assert not config.capture_step
    assert "capture_step = false" in config_toml(config)
    assert "cuda_graph" not in config_toml(config)


def test_that_an_unknown_setting_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("[model]\nwidht = 8\n", encoding="utf-8")
    with pytest.raises(EngineError, match=r"model\.widht.*model\.width"):
        read_config(path)


@pytest.mark.parametrize("text", ["[model", "seed = " + "1" * 5000, "seed = 1e999", "\x00", "a = " + "[" * 100_000])
def test_that_a_file_that_is_not_toml_is_refused_in_three_parts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError) as caught:
        read_config(path)
    assert all(str(part) for part in (caught.value.happened, caught.value.kept, caught.value.todo))


def test_that_quickstart_comes_first_and_every_preset_is_valid() -> None:
    assert preset_names()[0] == "quickstart"
    for name in preset_names():
        preset = load_preset(name)
        assert preset.title
        assert preset.summary
        assert preset.source
        assert preset.config.preset == name


def test_that_the_tutorial_preset_is_the_tutorials() -> None:
    config = load_preset("tutorial").config
    assert (config.model.prior, config.model.latent_dim) == ("uniform", 100)
    assert config.model.generator_activation == "leaky_relu"
    assert config.training.loss == "minimax"
    assert (config.data.image_size, config.data.channels) == (64, 3)
