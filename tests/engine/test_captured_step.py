"""A step that is captured once and replayed: the same bits, every knob live, and nothing that waits for the device."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gan_studio.engine.captured_step import WARM_UP_STEPS, Capture, CapturedStep, Work
from gan_studio.engine.checkpoint import state_hash
from gan_studio.engine.config import RunConfig
from gan_studio.engine.feed import PictureFeed, RealBatch
from gan_studio.engine.soundness import NotFiniteError
from gan_studio.engine.step_noise import StepNoise
from gan_studio.engine.step_values import ValueBuffer, structure_of, values_of
from gan_studio.engine.train_step import StepPlan, StepSettings, compute_step, count_step, train_step
from gan_studio.engine.training_state import TrainingState, build_state
from tests.engine.pictures import load
from tests.engine.runs import tiny
from tests.engine.step_record import ASKS_THE_HOST, DRAWS, StepRecord, capture_into

CPU = torch.device("cpu")
PLAIN_STEPS, REPLAYED = WARM_UP_STEPS, 4

NOISY = {"training__instance_noise": 0.2, "training__instance_noise_half_life": 60.0, "training__label_smoothing": 0.1}
AUGMENTED = {f"training__augment_{kind}": True for kind in ("color", "translation", "cutout")}
SETUPS: dict[str, dict[str, Any]] = {
    "quickstart": {"training__rate_half_life": 50.0},
    "smoothing and noise": NOISY | {"data__flip": True},
    "least squares, smoothed": {"training__loss": "least_squares", "training__label_smoothing": 0.2},
    "DiffAugment in colour": AUGMENTED | {"data__source": "starter:emoji", "data__channels": 3},
    "hinge and spectral norm": {"training__loss": "hinge", "model__discriminator_norm": "spectral"},
    "Wasserstein with penalty": {
        "training__loss": "wasserstein",
        "model__discriminator_norm": "none",
        "training__d_steps": 3,
        "training__gradient_penalty": 10.0,
    },
    "by class": {"data__source": "starter:mnist", "data__most": 64, "model__conditional": True},
    "R1": {"training__r1": 2.0, "model__upsampling": "resize"},
    "fully connected": {"model__architecture": "vanilla"},
    "D at rest": {"training__train_d": False},
    "G at rest": {"training__train_g": False},
    "half precision": {"precision": "bfloat16"} | NOISY,
}
CHANGES = {
    "learning_rate_g": 1e-3,
    "learning_rate_d": 5e-5,
    "label_smoothing": 0.3,
    "instance_noise": 0.05,
    "r1": 0.5,
    "gradient_penalty": 3.0,
}
"""Knobs that are set in the middle, where they are above 0 at all: that they are is what a graph is captured for."""


class Twins:
    """Two states of one run: one is stepped by CapturedStep, the other as a CUDA device does a step without a graph."""

    def __init__(self, config: RunConfig, capture: Capture | None = None) -> None:
        pictures, _ = load(config.data)
        classes = len(pictures.class_names) if config.model.conditional else 0
        self.captured, self.plain = (build_state(config, CPU, classes) for _ in range(2))
        self.record = StepRecord()
        self._config, self._feed = config, PictureFeed(config, pictures, CPU)
        self._settings = StepSettings(config.training.loss, config.precision.replace("auto", "float32"))
        kept = capture or capture_into(self.record, self.captured.tensors().values())
        self.step_captured = CapturedStep(self.captured, self._settings, kept)
        self.rows: list[tuple[Tensor, Tensor]] = []

    def step(self, times: int = 1, *, spoilt: bool = False) -> None:
        """Do a step with both, on the same pictures and noise; a spoilt one gets a z of NaN."""
        for _ in range(times):
            batches, z, noise = self._next(spoilt)
            mine = torch.stack(self.step_captured.step(batches, z, noise))
            batches, z, noise = self._next(spoilt)
            self.rows.append((mine, torch.stack(self._do_plainly(batches, z, noise))))

    def set_knob(self, name: str, value: float) -> None:
        """Set a knob of both."""
        for state in (self.captured, self.plain):
            state.set_knob(name, value)

    def assert_equal(self) -> None:
        """Assert that every tensor, count and metric of the two is equal, bit for bit."""
        assert state_hash(self.captured) == state_hash(self.plain)
        for mine, theirs in self.rows:
            assert torch.equal(mine.nan_to_num(7.0), theirs.nan_to_num(7.0))

    def _next(self, spoilt: bool) -> tuple[list[RealBatch], tuple[Tensor, ...], StepNoise]:
        state, model, structure = self.plain, self._config.model, structure_of(self.plain)
        if self.captured.step < state.step:
            raise AssertionError("one of the twins is behind")
        size = structure.batch_size
        batches = [self._feed.batch(state.pictures_seen + index * size, size) for index in range(structure.d_steps)]
        noise = StepNoise(self._config.seed, state.step, CPU)
        z = noise.z(structure.d_steps, size, model.latent_dim, model.prior)
        return batches, tuple(latent * float("nan") for latent in z) if spoilt else z, noise

    def _do_plainly(self, batches: list[RealBatch], z: tuple[Tensor, ...], noise: StepNoise) -> list[Tensor]:
        values = ValueBuffer(CPU)
        values.fill(values_of(self.plain))
        plan = StepPlan(structure_of(self.plain), values.values)
        scalars = compute_step(self.plain, batches, z, noise, self._settings, plan)
        count_step(self.plain, batches)
        return scalars


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    """Keep torch from splitting small work: a record holds what one thread did."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("setup", SETUPS)
def test_that_replayed_steps_equal_plain_ones_and_follow_every_knob(setup: str) -> None:
    twins = Twins(tiny(**SETUPS[setup]))
    twins.step(PLAIN_STEPS)
    assert not twins.record.names
    twins.step(REPLAYED)
    assert {"_fused_adam_", "maximum"} & twins.record.names
    twins.assert_equal()
    for name, value in CHANGES.items():
        if twins.plain.knobs[name] > 0:
            twins.set_knob(name, value)
    twins.step(REPLAYED)
    twins.assert_equal()


@pytest.mark.parametrize("setup", SETUPS)
def test_that_nothing_in_a_captured_step_waits_draws_or_leaves_the_device(setup: str) -> None:
    twins = Twins(tiny(**SETUPS[setup]))
    twins.step(PLAIN_STEPS + 1)
    assert twins.record.names
    assert twins.record.names.isdisjoint(ASKS_THE_HOST)
    assert twins.record.names.isdisjoint(DRAWS)


def test_that_numbers_written_into_a_record_would_be_noticed() -> None:
    """What a graph must not hold: the step that a CPU does has its rates and weights in it as numbers."""
    config = tiny(**NOISY)
    pictures, _ = load(config.data)
    states = [build_state(config, CPU) for _ in range(2)]
    settings, feed, record = StepSettings("non_saturating", "float32"), PictureFeed(config, pictures, CPU), StepRecord()
    batch, z = feed.batch(0, 8), StepNoise(0, 0, CPU).z(1, 8, 8, "normal")

    def learn(state: TrainingState) -> None:
        train_step(state, [batch], z, StepNoise(0, 0, CPU), settings)

    def learn_first() -> None:
        learn(states[0])

    replay: Work = capture_into(record, states[0].tensors().values())(learn_first)
    for state in states:
        state.set_knob("learning_rate_d", 1e-3)
    replay()
    learn(states[1])
    mine, theirs = (next(state.discriminator.parameters()) for state in states)
    assert not torch.equal(mine, theirs)


@pytest.mark.parametrize("setup", ["quickstart", "Wasserstein with penalty"])
def test_that_nan_in_a_replayed_step_leaves_weights_and_statistics_as_they_were(setup: str) -> None:
    twins = Twins(tiny(**SETUPS[setup]))
    twins.step(PLAIN_STEPS + 1)
    before = {name: array.copy() for name, array in twins.captured.copy_arrays().items()}
    twins.step(spoilt=True)
    twins.step()
    after = twins.captured.copy_arrays()
    moved = {name for name in before if (before[name] != after[name]).any()}
    assert {name for name in moved if "generator_ema" not in name and "num_batches_tracked" not in name} == set()
    with pytest.raises(NotFiniteError):
        twins.captured.soundness.check_steps()
    twins.assert_equal()


def test_that_a_replay_goes_on_from_the_state_that_a_checkpoint_put_there() -> None:
    twins = Twins(tiny(**NOISY))
    twins.step(2)
    kept, place = twins.plain.copy_arrays(), (twins.plain.step, twins.plain.pictures_seen)
    twins.step(PLAIN_STEPS)
    twins.step(spoilt=True)
    for state in (twins.captured, twins.plain):
        state.load_arrays(kept)
        state.step, state.pictures_seen = place
        state.soundness.forgive()
    operations = len(twins.record.names)
    twins.step(2)
    assert len(twins.record.names) == operations
    twins.assert_equal()


@pytest.mark.parametrize(
    ("name", "value"),
    [("batch_size", 4.0), ("d_steps", 2.0), ("train_g", 0.0), ("augment_cutout", 1.0), ("label_smoothing", 0.1)],
)
def test_that_a_knob_that_changes_the_operations_has_the_step_captured_anew(name: str, value: float) -> None:
    captures: list[StepRecord] = []

    def capture(work: Work) -> Work:
        captures.append(StepRecord())
        return capture_into(captures[-1], twins.captured.tensors().values())(work)

    twins = Twins(tiny(), capture)
    twins.step(PLAIN_STEPS + 2)
    twins.set_knob("learning_rate_g", 3e-4)
    twins.step(2)
    assert len(captures) == 1
    twins.set_knob(name, value)
    twins.step(PLAIN_STEPS)
    assert len(captures) == 1
    twins.step(2)
    assert len(captures) == 2
    twins.assert_equal()


def test_that_a_device_that_cannot_capture_does_the_same_steps_and_says_so_once() -> None:
    asked: list[Work] = []

    def refuse(work: Work) -> Work:
        asked.append(work)
        work_begun = [parameter.grad for parameter in twins.captured.discriminator.parameters()]
        assert work_begun == [None] * len(work_begun)
        raise RuntimeError("operation not permitted when stream is capturing\nmore of it")

    twins = Twins(tiny(**NOISY, **AUGMENTED), refuse)
    twins.step(PLAIN_STEPS)
    assert twins.step_captured.take_refusal() is None
    twins.step(3)
    refusal = twins.step_captured.take_refusal()
    assert refusal is not None
    assert "operation not permitted when stream is capturing)" in str(refusal)
    assert twins.step_captured.take_refusal() is None
    twins.set_knob("d_steps", 2.0)
    twins.step(PLAIN_STEPS + 1)
    assert len(asked) == 1
    twins.assert_equal()


def test_that_where_memory_is_short_the_next_structure_is_captured_again() -> None:
    asked: list[Work] = []

    def run_short(work: Work) -> Work:
        asked.append(work)
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    twins = Twins(tiny(), run_short)
    twins.step(PLAIN_STEPS + 3)
    assert len(asked) == 1
    refusal = twins.step_captured.take_refusal()
    assert refusal is not None
    assert refusal.key == "device.capture_short"
    twins.set_knob("batch_size", 4.0)
    twins.step(PLAIN_STEPS + 1)
    assert len(asked) == 2
    twins.assert_equal()


def test_that_a_capture_that_breaks_off_half_way_leaves_no_trace() -> None:
    class HalfWayError(RuntimeError):
        """As torch raises it."""

    def break_off(work: Work) -> Work:
        twins.captured.optimizer_g.register_step_pre_hook(once)
        before = [(tensor, tensor.detach().clone()) for tensor in twins.captured.tensors().values()]
        try:
            work()
        finally:
            with torch.no_grad():
                for tensor, value in before:
                    tensor.copy_(value)
        return work

    struck: list[bool] = []

    def once(*_: object) -> None:
        if not struck:
            struck.append(True)
            raise HalfWayError("the capture broke off")

    twins = Twins(tiny(**NOISY, **AUGMENTED), break_off)
    twins.step(PLAIN_STEPS + 2)
    assert struck
    assert twins.step_captured.take_refusal() is not None
    twins.assert_equal()
