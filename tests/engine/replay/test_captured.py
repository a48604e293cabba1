"""A step that is captured once and replayed: the same bits, every knob live, and nothing that waits for the device."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from gan_studio.bench.plain_step import train_step
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.feed import PictureFeed, RealBatch
from gan_studio.engine.replay.captured import WARM_UP_STEPS, Capture, CapturedStep
from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, ShortOfMemoryError, Work
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import NotFiniteError
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings, compute_step
from gan_studio.engine.step.values import structure_of
from tests.engine.pictures import load
from tests.engine.runs import tiny

CPU = torch.device("cpu")
ASKS_THE_HOST = ("_local_scalar_dense", "is_nonzero", "nonzero", "equal", "item", "masked_select", "unique", "_to_cpu")
"""Operations whose result the host must know before it can go on."""
DRAWS = ("rand", "randn", "normal_", "uniform_", "bernoulli", "bernoulli_", "native_dropout", "randint", "randperm")
"""Operations that are random by themselves."""
CAPTURED, REPLAYED = WARM_UP_STEPS + 1, 4
"""Steps until one is captured, and steps after that."""

NOISY = {"training__instance_noise": 0.2, "training__instance_noise_half_life": 60.0, "training__label_smoothing": 0.1}
AUGMENTED = {f"training__augment_{kind}": True for kind in ("color", "translation", "cutout")}
SETUPS: dict[str, dict[str, Any]] = {
    "quickstart": {"training__rate_half_life": 50.0},
    "smoothing and noise": NOISY | {"data__flip": True},
    "minimax": {"training__loss": "minimax"},
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
    "R1": {"training__r1": 2.0, "model__upsampling": "resize", "model__outer_bias": True},
    "fully connected": {"model__architecture": "vanilla"},
    "D at rest": {"training__train_d": False},
    "G at rest": {"training__train_g": False},
    "half precision": {"precision": "bfloat16"} | NOISY,
}
WATCHED = ("quickstart", "smoothing and noise", "Wasserstein with penalty", "by class")
"""Set-ups whose operations `make test` looks at; the others are slow cases of the same."""
CHANGES = {
    "learning_rate_g": 1e-3,
    "learning_rate_d": 5e-5,
    "label_smoothing": 0.3,
    "instance_noise": 0.05,
    "r1": 0.5,
    "gradient_penalty": 3.0,
}
"""Knobs that are set in the middle, where they are above 0 at all: that they are is what a step is captured for."""


class Twins:
    """Two states of one run: one is stepped by CapturedStep, the other one operation at a time."""

    def __init__(self, config: RunConfig, capture: Capture | None = None) -> None:
        pictures, _ = load(config.data)
        classes = len(pictures.class_names) if config.model.conditional else 0
        self.captured, self.plain = (build_state(config, CPU, classes) for _ in range(2))
        self._config, self._feed = config, PictureFeed(config, pictures, CPU)
        self._settings = StepSettings(config.training.loss, config.precision.replace("auto", "float32"))
        self.step_captured = CapturedStep(self.captured, self._settings, capture)
        self.rows: list[tuple[Tensor, Tensor]] = []

    def step(self, times: int = 1, *, spoilt: bool = False) -> None:
        """Do a step with both, on the same pictures and noise; a spoilt one gets a z of NaN."""
        for _ in range(times):
            mine = torch.stack(self.step_captured.step(*self._next(spoilt)))
            batches, z, noise = self._next(spoilt)
            self.rows.append((mine, torch.stack(train_step(self.plain, batches, z, noise, self._settings))))

    def set_knob(self, name: str, value: float) -> None:
        """Set a knob of both."""
        for state in (self.captured, self.plain):
            state.set_knob(name, value)

    def assert_equal(self) -> None:
        """Assert that every tensor, gradient, count and metric of the two is equal, bit for bit."""
        assert state_hash(self.captured) == state_hash(self.plain)
        for mine, theirs in self.rows:
            assert torch.equal(mine.nan_to_num(7.0), theirs.nan_to_num(7.0))
        for ours, others in zip(_parameters(self.captured), _parameters(self.plain), strict=True):
            assert (ours.grad is None) == (others.grad is None)
            if ours.grad is not None and others.grad is not None:
                assert torch.equal(ours.grad.nan_to_num(7.0), others.grad.nan_to_num(7.0))

    def _next(self, spoilt: bool) -> tuple[list[RealBatch], tuple[Tensor, ...], StepNoise]:
        state, model, structure = self.plain, self._config.model, structure_of(self.plain)
        if self.captured.step < state.step:
            raise AssertionError("one of the twins is behind")
        size = structure.batch_size
        batches = [self._feed.batch(state.pictures_seen + index * size, size) for index in range(structure.d_steps)]
        noise = StepNoise(self._config.seed, state.step, CPU)
        z = noise.z(structure.d_steps, size, model.latent_dim, model.prior)
        return batches, tuple(latent * float("nan") for latent in z) if spoilt else z, noise


def _parameters(state: TrainingState) -> list[torch.nn.Parameter]:
    return [*state.generator.parameters(), *state.discriminator.parameters()]


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the steps that CapturedStep has Python compute: the plain ones, and those that are captured."""
    steps: list[int] = []

    def compute(state: TrainingState, *given: Any) -> list[Tensor]:
        steps.append(state.step)
        return compute_step(state, *given)

    monkeypatch.setattr("gan_studio.engine.replay.captured.compute_step", compute)
    return steps


@pytest.mark.parametrize("setup", SETUPS)
def test_that_replayed_steps_equal_plain_ones_and_follow_every_knob(setup: str, computed: list[int]) -> None:
    twins = Twins(tiny(**SETUPS[setup]))
    twins.step(CAPTURED + REPLAYED)
    assert computed == list(range(CAPTURED))
    twins.assert_equal()
    for name, value in CHANGES.items():
        if twins.plain.knobs[name] > 0:
            twins.set_knob(name, value)
    twins.step(REPLAYED)
    assert computed == list(range(CAPTURED))
    twins.assert_equal()


@pytest.mark.parametrize(
    "setup", [setup if setup in WATCHED else pytest.param(setup, marks=pytest.mark.slow) for setup in SETUPS]
)
def test_that_no_operation_of_a_step_makes_the_host_wait_for_a_device(setup: str) -> None:
    names: set[str] = set()

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            names.add(func.overloadpacket.__name__)
            return func(*args, **(kwargs or {}))

    def watch(work: Work) -> Captured:
        with Watch():
            return Captured(work(), work)

    Twins(tiny(**SETUPS[setup]), watch).step(CAPTURED)
    assert {"_fused_adam_", "maximum"} & names
    assert names.isdisjoint(ASKS_THE_HOST)
    assert names.isdisjoint(DRAWS)


@pytest.mark.parametrize("threads", [1, 3])
def test_that_a_replay_splits_work_over_threads_as_a_plain_step_does(threads: int, computed: list[int]) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        twins = Twins(tiny(model__width=16, training__batch_size=32))
        twins.step(CAPTURED + REPLAYED)
    finally:
        torch.set_num_threads(before)
    assert computed == list(range(CAPTURED))
    twins.assert_equal()


@pytest.mark.parametrize(
    "setup", ["smoothing and noise", "least squares, smoothed", "half precision", "R1", "Wasserstein with penalty"]
)
def test_that_numbers_in_tensors_give_the_bits_that_numbers_of_python_give(setup: str) -> None:
    """Runs that were begun with those go on as they were."""

    def compute(work: Work) -> Captured:
        raise NotCapturedError("plainly", work())

    twins = Twins(tiny(**SETUPS[setup], training__learning_rate_g=3.3e-4), compute)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gan_studio.engine.replay.captured.compute_step", compute_with_numbers)
        twins.step(REPLAYED)
    twins.assert_equal()


def compute_with_numbers(state: TrainingState, *given: Any) -> list[Tensor]:
    """Do a step with numbers of Python; weights are float32, which they become where they are multiplied."""
    *others, plan = given
    values = plan.values._replace(
        learning_rate_d=state.knobs["learning_rate_d"],
        learning_rate_g=state.knobs["learning_rate_g"],
        label_smoothing=state.knobs["label_smoothing"],
        instance_noise=state.knobs["instance_noise"] * state.faded(state.knobs["instance_noise_half_life"]),
        r1=torch.tensor(state.knobs["r1"]),
        gradient_penalty=torch.tensor(state.knobs["gradient_penalty"]),
    )
    return compute_step(state, *others, plan._replace(values=values))


@pytest.mark.parametrize("setup", ["quickstart", "Wasserstein with penalty"])
def test_that_nan_in_a_replayed_step_leaves_weights_and_statistics_as_they_were(setup: str) -> None:
    twins = Twins(tiny(**SETUPS[setup]))
    twins.step(CAPTURED)
    before = {name: array.copy() for name, array in twins.captured.copy_arrays().items()}
    twins.step(spoilt=True)
    twins.step()
    after = twins.captured.copy_arrays()
    moved = {name for name in before if (before[name] != after[name]).any()}
    assert {name for name in moved if "generator_ema" not in name and "num_batches_tracked" not in name} == set()
    with pytest.raises(NotFiniteError):
        twins.captured.soundness.check_steps()
    twins.assert_equal()


def test_that_a_replay_goes_on_from_the_state_that_a_checkpoint_put_there(computed: list[int]) -> None:
    twins = Twins(tiny(**NOISY))
    twins.step(2)
    kept, place = twins.plain.copy_arrays(), (twins.plain.step, twins.plain.pictures_seen)
    twins.step(CAPTURED - 1)
    twins.step(spoilt=True)
    for state in (twins.captured, twins.plain):
        state.load_arrays(kept)
        state.step, state.pictures_seen = place
        state.soundness.forgive()
    twins.step(2)
    assert len(computed) == CAPTURED
    twins.assert_equal()


@pytest.mark.parametrize(
    ("name", "value"),
    [("batch_size", 4.0), ("d_steps", 2.0), ("train_g", 0.0), ("augment_cutout", 1.0), ("label_smoothing", 0.1)],
)
def test_that_a_knob_that_changes_the_operations_has_the_step_captured_anew(
    name: str, value: float, computed: list[int]
) -> None:
    twins = Twins(tiny())
    twins.step(CAPTURED + 1)
    twins.set_knob("learning_rate_g", 3e-4)
    twins.step(2)
    assert len(computed) == CAPTURED
    twins.set_knob(name, value)
    twins.step(CAPTURED + 2)
    assert len(computed) == 2 * CAPTURED
    twins.assert_equal()


def test_that_a_device_that_cannot_capture_does_the_same_steps_and_says_so_once() -> None:
    asked: list[Work] = []

    def refuse(work: Work) -> Captured:
        asked.append(work)
        work_begun = [parameter.grad for parameter in twins.captured.discriminator.parameters()]
        assert work_begun == [None] * len(work_begun)
        raise NotCapturedError("operation not permitted when stream is capturing\nmore of it")

    twins = Twins(tiny(**NOISY, **AUGMENTED), refuse)
    twins.step(WARM_UP_STEPS)
    assert twins.step_captured.take_refusal() is None
    twins.step(3)
    refusal = twins.step_captured.take_refusal()
    assert refusal is not None
    assert "operation not permitted when stream is capturing)" in str(refusal)
    assert twins.step_captured.take_refusal() is None
    twins.set_knob("d_steps", 2.0)
    twins.step(CAPTURED)
    assert len(asked) == 1
    twins.assert_equal()


def test_that_where_memory_is_short_the_next_structure_is_captured_again() -> None:
    asked: list[Work] = []

    def run_short(work: Work) -> Captured:
        asked.append(work)
        raise ShortOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    twins = Twins(tiny(), run_short)
    twins.step(CAPTURED + 2)
    assert len(asked) == 1
    refusal = twins.step_captured.take_refusal()
    assert refusal is not None
    assert refusal.key == "device.capture_short"
    twins.set_knob("batch_size", 4.0)
    twins.step(CAPTURED)
    assert len(asked) == 2
    twins.assert_equal()


def test_that_a_capture_that_breaks_off_half_way_leaves_no_trace() -> None:
    def break_off(work: Work) -> Captured:
        twins.captured.optimizer_g.step = once  # type: ignore[method-assign]
        before = [(tensor, tensor.detach().clone()) for tensor in twins.captured.tensors().values()]
        try:
            return Captured(work(), work)
        except RuntimeError as error:
            raise NotCapturedError(error) from error
        finally:
            with torch.no_grad():
                for tensor, value in before:
                    tensor.copy_(value)

    struck: list[bool] = []

    def once() -> None:
        if not struck:
            struck.append(True)
            raise RuntimeError("the capture broke off")
        step()

    twins = Twins(tiny(**NOISY, **AUGMENTED), break_off)
    step = twins.captured.optimizer_g.step
    twins.step(CAPTURED + 1)
    assert struck
    assert twins.step_captured.take_refusal() is not None
    twins.assert_equal()


def test_that_a_step_that_was_done_and_could_not_be_written_down_is_not_done_twice(computed: list[int]) -> None:
    def do_only(work: Work) -> Captured:
        raise NotCapturedError("no such operator", work())

    twins = Twins(tiny(), do_only)
    twins.step(CAPTURED + 1)
    assert computed == list(range(CAPTURED + 1))
    assert twins.step_captured.take_refusal() is not None
    twins.assert_equal()


def test_that_a_fault_of_the_work_itself_is_raised_and_not_taken_for_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")

    twins = Twins(tiny())
    twins.step(WARM_UP_STEPS)
    monkeypatch.setattr(twins.captured.soundness, "admit", run_out)
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        twins.step()
    assert twins.step_captured.take_refusal() is None
