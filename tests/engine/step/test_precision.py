"""Precision: what a run asks for, what it gets on a CPU, and that records of earlier programs are read."""

from types import SimpleNamespace

import pytest
import torch
from pydantic import ValidationError
from torch.utils._python_dispatch import TorchDispatchMode

from gan_studio.bench.plain_step import train_step
from gan_studio.bench.steps import Feed, Setup
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.feed import RealBatch
from gan_studio.engine.machine import devices, training_device
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.machine.to_device import copy_into, to_device
from gan_studio.engine.machine.training_device import arithmetic, own_stream
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("asked", "given"), [("auto", "float32"), ("float32", "float32"), ("tf32", "float32"), ("bfloat16", "bfloat16")]
)
def test_that_a_cpu_says_what_it_computes_in(asked: str, given: str) -> None:
    assert decide_execution(with_values(RunConfig(), {"device": "cpu", "precision": asked})).precision == given


def test_that_no_other_precision_is_taken() -> None:
    with pytest.raises(ValidationError):
        with_values(RunConfig(), {"precision": "float16"})


@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_that_a_stored_execution_is_read_again(precision: str) -> None:
    facts = {"device": "cuda:0", "hardware": "a GPU", "threads": 2, "precision": precision, "torch_version": "2.14"}
    assert Execution.from_facts(facts).precision == precision


def test_that_a_cpu_is_left_as_it_is() -> None:
    matmul = torch.backends.cuda.matmul
    before = matmul.fp32_precision
    with own_stream(CPU), arithmetic(CPU, "tf32"):
        assert matmul.fp32_precision == before


def test_that_a_cuda_device_multiplies_as_asked_and_torch_is_given_back_its_settings() -> None:
    """The settings exist without a device, too."""
    matmul, conv = torch.backends.cuda.matmul, torch.backends.cudnn.conv  # type: ignore[attr-defined]
    before = (matmul.fp32_precision, conv.fp32_precision)
    for precision, wanted in (("tf32", "tf32"), ("float32", "ieee"), ("bfloat16", "ieee")):
        with arithmetic(torch.device("cuda:0"), precision):
            assert (matmul.fp32_precision, conv.fp32_precision) == (wanted, wanted)
        assert (matmul.fp32_precision, conv.fp32_precision) == before
    with pytest.raises(KeyError), arithmetic(torch.device("cuda:0"), "tf32"):
        raise KeyError
    assert (matmul.fp32_precision, conv.fp32_precision) == before


def test_that_runs_one_after_another_share_a_stream_and_runs_side_by_side_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stand-ins for streams: libraries keep memory for each that ever was."""
    made, cuda = [], torch.device("cuda:0")

    def make(_: torch.device) -> SimpleNamespace:
        made.append(SimpleNamespace(wait_stream=lambda other: None))
        return made[-1]

    current = [make(cuda)]
    monkeypatch.setattr(training_device, "_unused_streams", {})
    monkeypatch.setattr(devices, "has_cuda", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: current[-1])
    monkeypatch.setattr(torch.cuda, "Stream", make)
    monkeypatch.setattr(torch.cuda, "set_stream", current.append)
    used = []
    for _ in range(2):
        with own_stream(cuda):
            used.append(current[-1])
            with own_stream(cuda):
                used.append(current[-1])
    assert current[-1] is made[0]
    assert used == [made[1], made[2], made[1], made[2]]


def test_that_nothing_is_copied_where_the_cpu_trains() -> None:
    numbers, buffer = torch.arange(3.0), torch.zeros(3)
    assert to_device(numbers, CPU) is numbers
    place = buffer.data_ptr()
    copy_into(buffer, numbers)
    assert torch.equal(buffer, numbers)
    assert buffer.data_ptr() == place


BFLOAT16 = StepSettings("non_saturating", "bfloat16")


def watched_step(config: RunConfig) -> "tuple[TrainingState, Watch]":
    """Do a step in bfloat16; returns its state, and what was watched."""
    state, feed = build_state(config, CPU), Feed(config, CPU)
    images, z = feed.next()
    with Watch() as watch:
        train_step(
            state,
            [RealBatch(images, None)] * config.training.d_steps,
            [z] * config.training.d_steps,
            StepNoise(0, 0, CPU),
            BFLOAT16,
        )
    return state, watch


class Watch(TorchDispatchMode):
    """Notes what a step casts, and in which format it multiplies and normalises."""

    def __init__(self) -> None:
        super().__init__()
        self.cast_shapes: list[tuple[int, ...]] = []
        self.formats: dict[str, set[torch.dtype]] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """Do an operation."""
        name = func.overloadpacket.__name__
        if name in ("_to_copy", "copy_", "_foreach_copy_"):
            into = args[0] if name == "_foreach_copy_" else [args[0]]
            formats = {tensor.dtype for tensor in into} | {(kwargs or {}).get("dtype")}
            if torch.bfloat16 in formats:
                self.cast_shapes += [tuple(tensor.shape) for tensor in into if tensor.dim() == 4]
        elif isinstance(args[0] if args else None, torch.Tensor):
            self.formats.setdefault(name, set()).add(args[0].dtype)
        return func(*args, **(kwargs or {}))


def test_that_weights_are_cast_once_an_update_and_maps_stay_in_bfloat16():
    config = with_values(Setup(32, 3, 4, 4).config, {"training.d_steps": 2})
    state, watch = watched_step(config)
    last = state.discriminator.get_parameter("layers.3.weight").shape
    assert watch.cast_shapes.count(tuple(last)) == 3, "for each of two D steps, and for G's"
    for name in ("convolution", "convolution_backward", "native_batch_norm", "leaky_relu_"):
        assert watch.formats[name] == {torch.bfloat16}, name


def test_that_everything_that_lasts_stays_in_float32():
    state, _ = watched_step(Setup(32, 3, 4, 4).config)
    kept = {tensor.dtype for tensor in state.tensors().values() if tensor.is_floating_point()}
    gradients = {parameter.grad.dtype for parameter in state.generator.parameters()}
    assert kept | gradients == {torch.float32}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"training.d_steps": 2},
        {"training.r1": 0.1},
        {"training.gradient_penalty": 10.0, "model.discriminator_norm": "none"},
        {"model.discriminator_norm": "spectral"},
        {"model.upsampling": "resize", "training.train_d": False},
    ],
)
def test_that_casting_at_once_gives_the_bits_of_casting_at_each_use(
    change: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    config = with_values(Setup(32, 1, 4, 4).config, change)
    at_once, _ = watched_step(config)
    monkeypatch.setattr("gan_studio.engine.step.step.in_bfloat16", lambda network: {})
    each, _ = watched_step(config)
    for name, tensor in each.tensors().items():
        assert torch.equal(tensor, at_once.tensors()[name]), name
