"""Losses and tricks in real runs: each does what it says, at its step, and a resumed run is the same run."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.events import MetricsLogged, Noticed, SamplesDrawn
from gan_studio.engine.run.checkpoint import config_hash, state_hash
from gan_studio.engine.run.log import read_metrics
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.references import References
from tests.engine.runs import finish, resume, tiny, train

EVERYTHING = {
    "data__flip": True,
    "training__d_steps": 2,
    "training__gradient_penalty": 1.0,
    "training__r1": 0.5,
    "training__label_smoothing": 0.1,
    "training__instance_noise": 0.1,
    "training__instance_noise_half_life": 500.0,
    "training__rate_half_life": 500.0,
    "training__augment_color": True,
    "training__augment_translation": True,
    "training__augment_cutout": True,
}

VARIANTS = {
    "everything": EVERYTHING,
    "minimax": {"training__loss": "minimax"},
    "least squares": {"training__loss": "least_squares"},
    "hinge, spectral": {"training__loss": "hinge", "model__discriminator_norm": "spectral"},
    "wasserstein": {"training__loss": "wasserstein", "model__discriminator_norm": "none", "training__d_steps": 3},
    "sphere": {"model__prior": "sphere"},
    "vanilla": {"model__architecture": "vanilla", "data__image_size": 28},
    "resize": {"model__upsampling": "resize"},
    "by class": {"model__conditional": True, **EVERYTHING},
    "by class, spectral": {"model__conditional": True, "model__discriminator_norm": "spectral"},
    "vanilla by class": {"model__conditional": True, "model__architecture": "vanilla"},
}
ALSO_A_PRESET = ("minimax", "least squares", "hinge, spectral", "wasserstein", "vanilla")
"""Variants that test_exact_resume.py stops and resumes as presets."""


def state_of(job: TrainingJob) -> TrainingState:
    assert job.trainer is not None
    return job.trainer.state


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in ALSO_A_PRESET else name for name in VARIANTS]
)
def test_that_a_resumed_run_is_the_same_run(tmp_path: Path, references: References, name: str) -> None:
    config = tiny(training__steps=8, **VARIANTS[name])
    whole, half = references.path(config), tmp_path / "half"
    train(half, tiny(training__steps=4, **VARIANTS[name]))
    assert state_hash(state_of(resume(half, 8))) == references.state_hash(config)
    logged, again = read_metrics(whole / "run.sqlite"), read_metrics(half / "run.sqlite")
    assert all(np.array_equal(one, other) for one, other in zip(logged, again, strict=True))
    assert np.isfinite(logged[1]).all()


@pytest.mark.parametrize("knob", ["gradient_penalty", "r1", "label_smoothing", "instance_noise", "augment_cutout"])
def test_that_a_trick_changes_what_is_learned(tmp_path: Path, references: References, knob: str) -> None:
    plain = references.state_hash(tiny(training__steps=2))
    tricked = train(
        tmp_path / "tricked", tiny(training__steps=2, **{f"training__{knob}": 0.5 if "aug" not in knob else True})
    )
    assert state_hash(state_of(tricked)) != plain


def test_that_d_sees_a_batch_in_each_of_its_steps(tmp_path: Path) -> None:
    job = train(tmp_path / "run", tiny(training__steps=5, training__d_steps=3))
    assert state_of(job).pictures_seen == 5 * 3 * 8


@pytest.mark.parametrize(
    ("knob", "still", "moving"), [("train_d", "discriminator", "generator"), ("train_g", "generator", "discriminator")]
)
def test_that_one_network_can_rest(tmp_path: Path, knob: str, still: str, moving: str) -> None:
    begun = train(tmp_path / "run", tiny(training__steps=1))
    before = {name: array.copy() for name, array in state_of(begun).copy_arrays().items()}
    control = TrainingControl()
    control.set_knob(knob, 0.0)
    job = TrainingJob(RunRequest(begun.request.place, steps=4))
    finish(job, control)
    after = state_of(job).copy_arrays()
    weights = [name for name in before if name.endswith(".weight") and name.count(".") == 3]
    assert all(np.array_equal(before[name], after[name]) for name in weights if name.startswith(f"{still}.layers"))
    assert not any(np.array_equal(before[name], after[name]) for name in weights if name.startswith(f"{moving}.layers"))


def test_that_rates_and_noise_fade_with_the_pictures_seen(tmp_path: Path) -> None:
    job = train(tmp_path / "run", tiny(training__steps=11, training__rate_half_life=40.0))
    rate = state_of(job).optimizer_g.learning_rate
    assert rate == pytest.approx(2e-4 * 0.5 ** (10 * 8 / 40))


def test_that_raw_scores_are_logged_where_there_is_no_probability(tmp_path: Path) -> None:
    config = tiny(training__steps=12, training__loss="wasserstein", training__learning_rate_d=0.05)
    rows = [
        event.values
        for event in finish(TrainingJob(RunRequest(tmp_path / "run", config)))
        if isinstance(event, MetricsLogged)
    ]
    scores = np.concatenate(rows)[:, 2:5]
    assert (np.abs(scores) > 1).any()


def test_that_half_of_the_pictures_are_mirrored_and_the_same_ones_again() -> None:
    images = np.arange(64 * 4, dtype=np.uint8).reshape(64, 1, 2, 2)
    everyone, nobody = np.arange(64), np.empty(0, np.int64)
    pictures = PictureSet(images, everyone, nobody, None, (), (), "")
    config = tiny(training__batch_size=64, data__flip=True)
    shown, again = (PictureFeed(config, pictures, torch.device("cpu")).batch(128, 64).images for _ in range(2))
    plain = PictureFeed(tiny(), pictures, torch.device("cpu")).batch(128, 64).images
    mirrored = (shown == plain.flip(3)).flatten(1).all(dim=1)
    assert torch.equal(shown, again)
    assert 16 < int(mirrored.sum()) < 48
    assert torch.equal(shown[~mirrored], plain[~mirrored])


def test_that_a_run_by_class_shows_one_class_a_row(tmp_path: Path) -> None:
    events = finish(TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=2, model__conditional=True))))
    sheets = [event.sheet for event in events if isinstance(event, SamplesDrawn)]
    assert sheets[-1].classes == tuple(range(10))
    assert sheets[-1].rows == 10


class TestFineTuning:
    """A new run from the weights of an earlier one."""

    def test_that_it_begins_with_the_weights_and_records_where_they_come_from(self, tmp_path: Path) -> None:
        first = train(tmp_path / "first", tiny(training__steps=3))
        job = TrainingJob(
            RunRequest(
                tmp_path / "second",
                tiny(training__steps=1, training__learning_rate_g=1e-12),
                fine_tune=first.request.place,
            )
        )
        events = finish(job)
        mine, theirs = state_of(job).copy_arrays(), state_of(first).copy_arrays()
        kernels = [name for name in mine if name.startswith("generator.layers")]
        assert all(np.allclose(mine[name], theirs[name], atol=1e-9) for name in kernels)
        origin = (tmp_path / "second" / "run.toml").read_text(encoding="utf-8")
        assert "[origin]" in origin
        assert str(first.request.place) in origin
        assert any(isinstance(event, Noticed) and "Fine-tuning" in str(event.message) for event in events)

    def test_that_a_snapshot_gives_its_generator(self, tmp_path: Path, references: References) -> None:
        first = references.path(tiny(training__steps=4))
        snapshot = sorted((first / "snapshots").iterdir())[-1]
        job = TrainingJob(RunRequest(tmp_path / "second", tiny(training__steps=1), fine_tune=snapshot))
        events = finish(job)
        assert any(isinstance(event, Noticed) and "start from scratch" in str(event.message) for event in events)

    def test_that_layers_that_fit_are_taken_into_another_set_up(self, tmp_path: Path, references: References) -> None:
        first = references.path(tiny(training__steps=2))
        larger = tiny(training__steps=1, model__latent_dim=16)
        assert finish(TrainingJob(RunRequest(tmp_path / "second", larger, fine_tune=first)))

    def test_that_weights_of_another_model_are_refused_and_nothing_is_begun(
        self, tmp_path: Path, references: References
    ) -> None:
        first = references.path(tiny(training__steps=2))
        other = tiny(model__architecture="vanilla")
        job = TrainingJob(RunRequest(tmp_path / "second", other, fine_tune=first))
        failure = list(job.run(TrainingControl()))[-2]
        assert "None of the generator weights" in str(failure.happened)  # type: ignore[union-attr]
        assert not (tmp_path / "second").exists()


def test_that_presets_of_today_and_old_runs_need_none_of_it() -> None:
    training = RunConfig().training
    assert (training.d_steps, training.gradient_penalty, training.r1, training.instance_noise) == (1, 0, 0, 0)


def test_that_a_safetensors_file_in_any_order_and_with_odd_metadata_is_taken(
    tmp_path: Path, references: References
) -> None:
    first = references.path(tiny(training__steps=2))
    snapshot = sorted((first / "snapshots").iterdir())[-1]
    data = snapshot.read_bytes()
    length = int.from_bytes(data[:8], "little")
    tree = json.loads(data[8 : 8 + length])
    tree = {name: tree[name] for name in sorted(tree, reverse=True)}
    tree["__metadata__"] = {"step": 5}
    header = json.dumps(tree).encode()
    foreign = tmp_path / "foreign.safetensors"
    foreign.write_bytes(len(header).to_bytes(8, "little") + header + data[8 + length :])
    events = finish(TrainingJob(RunRequest(tmp_path / "second", tiny(training__steps=1), fine_tune=foreign)))
    assert any(isinstance(event, Noticed) and str(foreign) in str(event.message) for event in events)


def test_that_a_setting_that_came_later_leaves_older_runs_as_they_are() -> None:
    tree = tiny(training__r1=0.0).model_dump()
    del tree["training"]["r1"]
    assert config_hash(RunConfig.model_validate(tree)) == config_hash(tiny())
    assert config_hash(tiny(training__r1=1.0)) != config_hash(tiny())
