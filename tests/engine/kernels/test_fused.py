"""The fused kernels, run by Triton's interpreter on the CPU: their results are those of torch."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import leaky_relu, pad, pixel_unshuffle

from gan_studio.bench.plain_step import train_step
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.events import Noticed, RunFailed
from gan_studio.engine.kernels.casting import in_bfloat16
from gan_studio.engine.kernels.switch import use_fused_kernels
from gan_studio.engine.machine import decision, kernel_trial
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.models.networks import Generator
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.soundness import NotFiniteError
from gan_studio.engine.step.state import TrainingState, build_state
from gan_studio.engine.step.step import StepSettings
from gan_studio.engine.step.values import structure_of
from gan_studio.engine.training import job as jobs
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.engine.training.trainer import Trainer
from tests.engine.pictures import load
from tests.engine.runs import finish, tiny

triton = pytest.importorskip("triton", reason="comes with torch for CUDA alone")
fused = pytest.importorskip("gan_studio.engine.kernels.fused", reason="Triton comes with torch for CUDA alone")

CPU = torch.device("cpu")
ROOT = Path(__file__).resolve().parents[3]
SLOPE = 0.2
CLOSE = {"rtol": 1e-4, "atol": 1e-4}
TRICKS: dict[str, dict[str, Any]] = {
    "quickstart": {},
    "two steps of D, varied pictures": {
        "training__d_steps": 2,
        "training__instance_noise": 0.2,
        "training__label_smoothing": 0.1,
        "training__augment_translation": True,
        "model__outer_bias": True,
    },
    "hinge and spectral norm": {"training__loss": "hinge", "model__discriminator_norm": "spectral"},
    "Wasserstein with penalty": {"training__loss": "wasserstein", "training__gradient_penalty": 10.0},
    "R1, resized": {"training__r1": 2.0, "model__upsampling": "resize"},
    "colour, by class, with ReLU": {
        "data__source": "starter:mnist",
        "data__most": 64,
        "data__channels": 3,
        "model__conditional": True,
        "model__generator_activation": "relu",
    },
    "fully connected": {"model__architecture": "vanilla"},
    "D at rest": {"training__train_d": False},
}


@pytest.mark.parametrize(("shape", "batches"), [((4, 5, 3, 3), 1), ((6, 70, 8, 8), 2), ((4, 64, 16, 16), 1)])
def test_that_norm_and_activation_are_torchs(shape: tuple[int, ...], batches: int) -> None:
    ours, theirs = (_norm(shape[1]) for _ in range(2))
    given = torch.randn(shape).mul_(2).add_(3)
    x, other = (given.clone().requires_grad_() for _ in range(2))
    y = fused.norm_then_leak(x, ours, SLOPE, batches)
    expected = torch.cat([leaky_relu(theirs(batch), SLOPE) for batch in other.chunk(batches)])
    torch.testing.assert_close(y, expected, **CLOSE)
    dy = torch.randn(shape)
    gradients = torch.autograd.grad(y, (x, ours.weight, ours.bias), dy)
    torch.testing.assert_close(
        gradients, torch.autograd.grad(expected, (other, theirs.weight, theirs.bias), dy), **CLOSE
    )
    for mine, buffer in zip(ours.buffers(), theirs.buffers(), strict=True):
        torch.testing.assert_close(mine, buffer, **CLOSE)


def test_that_a_mean_far_from_zero_costs_no_digits() -> None:
    x = torch.randn(4, 8, 16, 16) + 1000
    expected = nn.BatchNorm2d(8).double()(x.double()).float()
    torch.testing.assert_close(fused.norm_then_leak(x, nn.BatchNorm2d(8), 1.0), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("channels", [1, 3])
def test_that_blocks_hold_the_picture_with_a_border(channels: int) -> None:
    images = torch.randn(3, channels, 6, 8, requires_grad=True)
    blocks = fused.to_blocks(images, 4, torch.float32)
    padded = pad(images, (1, 1, 1, 1, 0, 4 - channels))
    expected = pixel_unshuffle(padded, 2).unflatten(1, (4, 4)).transpose(1, 2).flatten(1, 2)
    assert torch.equal(blocks, expected)
    assert torch.equal(fused.from_blocks(blocks, channels), images)
    (first,) = torch.autograd.grad(blocks.pow(3).sum(), images, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), images)
    torch.testing.assert_close(second, 6 * images.detach())


def test_that_a_gradient_reaches_the_blocks_of_a_picture() -> None:
    blocks = torch.randn(2, 16, 4, 5, requires_grad=True)
    picture = fused.from_blocks(blocks, 3)
    (gradient,) = torch.autograd.grad(picture.square().sum(), blocks)
    expected = fused.to_blocks(2 * picture.detach(), 4, torch.float32)
    assert torch.equal(gradient, expected)


@pytest.mark.parametrize(
    "trick", [trick if trick == "quickstart" else pytest.param(trick, marks=pytest.mark.slow) for trick in TRICKS]
)
def test_that_steps_by_our_kernels_are_torchs(trick: str) -> None:
    config = tiny(training__batch_size=4, **TRICKS[trick])
    by_torch, by_us = (_Steps(config, with_kernels=with_kernels) for with_kernels in (False, True))
    torch.testing.assert_close(by_us.step(), by_torch.step(), **CLOSE)
    gradients = [[parameter.grad for parameter in steps.parameters] for steps in (by_us, by_torch)]
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-4)
    for name, buffer in by_torch.state.discriminator.named_buffers():
        torch.testing.assert_close(by_us.state.discriminator.get_buffer(name), buffer, **CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("trick", ["quickstart", "hinge and spectral norm", "R1, resized", "fully connected"])
def test_that_steps_in_half_precision_are_about_torchs(trick: str) -> None:
    config = tiny(training__batch_size=4, precision="bfloat16", **TRICKS[trick])
    by_torch, by_us = (_Steps(config, with_kernels=with_kernels) for with_kernels in (False, True))
    torch.testing.assert_close(by_us.step()[:5], by_torch.step()[:5], rtol=0.05, atol=0.05)
    assert all(parameter.grad is not None for parameter in by_us.parameters)
    assert {parameter.grad.dtype for parameter in by_us.parameters if parameter.grad is not None} == {torch.float32}


def test_that_batches_judged_at_once_are_normalised_each_by_itself() -> None:
    state = build_state(tiny(), CPU)
    images = torch.randn(8, 1, 32, 32)
    one_by_one = torch.cat([state.discriminator(half) for half in images.chunk(2)])
    torch.testing.assert_close(state.discriminator(images, batches=2), one_by_one, **CLOSE)
    assert not torch.allclose(state.discriminator(images), one_by_one, **CLOSE)


@pytest.mark.slow
def test_that_nan_is_kept_out_of_statistics_that_our_kernels_move() -> None:
    steps = _Steps(tiny(training__batch_size=4), with_kernels=True)
    steps.step()
    before = state_hash(steps.state)
    steps.step(spoilt=True)
    with pytest.raises(NotFiniteError):
        steps.state.soundness.check()
    steps.state.soundness.forgive()
    steps.state.step -= 1
    steps.state.pictures_seen -= 4
    counts = [buffer for name, buffer in steps.state.generator.named_buffers() if name.endswith("tracked")]
    assert all(torch.isfinite(tensor).all() for tensor in steps.state.tensors().values())
    assert len({int(count) for count in counts}) == 1
    assert before != state_hash(steps.state)  # the EMA generator moved, and batches were counted


@pytest.mark.parametrize("model", ["conv", "resize", "by class", "fully connected"])
def test_that_weights_cast_at_once_are_what_autocast_makes_of_them(model: str) -> None:
    generator, blend = _generator(model)
    z = torch.randn(4, 100)
    pictures = []
    for weights in (in_bfloat16(generator), {}):
        with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
            pictures.append(functional_call(generator, weights, (z, blend)))
    assert torch.equal(*pictures)
    found = [torch.autograd.grad(picture.float().square().sum(), list(generator.parameters())) for picture in pictures]
    for mine, other in zip(*found, strict=True):
        assert torch.equal(mine, other)


@pytest.mark.slow
def test_that_every_program_can_be_compiled_where_there_is_no_device() -> None:
    """A fresh process, because Triton interprets its kernels in this one and compiles them in that one."""
    environment = {**os.environ, "TRITON_INTERPRET": "0"}
    answer = subprocess.run(
        [sys.executable, "-m", "tests.engine.compile_kernels"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert answer.returncode == 0, answer.stderr
    assert "send_back bf16 sm_90" in answer.stdout


@pytest.mark.slow
def test_that_kernels_are_tried_out_before_they_are_trusted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kernel_trial.try_kernels.cache_clear()
    assert kernel_trial.can_fuse("cpu")
    kernel_trial.try_kernels.cache_clear()
    sound = fused.norm_then_leak
    monkeypatch.setattr(fused, "norm_then_leak", lambda *given, **how: 1.01 * sound(*given, **how))
    with caplog.at_level(logging.WARNING):
        assert not kernel_trial.can_fuse("cpu")
    assert "ArithmeticError" in caplog.text
    kernel_trial.try_kernels.cache_clear()


def test_that_a_lack_of_memory_says_nothing_about_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: torch.device) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    kernel_trial.try_kernels.cache_clear()
    monkeypatch.setattr(fused, "try_out", refuse)
    with pytest.raises(torch.OutOfMemoryError):
        kernel_trial.can_fuse("cpu")


@pytest.mark.parametrize("is_device_well", [True, False])
def test_that_a_kernel_that_the_driver_refuses_is_no_fault_of_the_device(
    monkeypatch: pytest.MonkeyPatch, is_device_well: bool
) -> None:
    def refuse(_: torch.device) -> None:
        raise RuntimeError("Triton Error [CUDA]: device kernel image is invalid")

    def wait(_: str) -> None:
        if not is_device_well:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    kernel_trial.try_kernels.cache_clear()
    monkeypatch.setattr(fused, "try_out", refuse)
    monkeypatch.setattr(torch.cuda, "synchronize", wait)
    if is_device_well:
        assert not kernel_trial.can_fuse("cuda:0")
    else:
        with pytest.raises(RuntimeError, match="illegal memory access"):
            kernel_trial.can_fuse("cuda:0")
    kernel_trial.try_kernels.cache_clear()


@pytest.mark.slow
def test_that_a_run_by_our_kernels_resumes_with_them_and_says_where_it_cannot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tiny(training__steps=1, training__batch_size=2)

    def with_ours(wanted: RunConfig) -> Execution:
        return Execution(**{**vars(decide_execution(wanted)), "kernels": "triton 3.8"})

    for module in (jobs, decision):
        monkeypatch.setattr(module, "decide_execution", with_ours)
    straight = TrainingJob(RunRequest(tmp_path / "straight", with_values(config, {"training.steps": 2})))
    finish(straight)
    finish(TrainingJob(RunRequest(tmp_path / "halved", config)))
    resumed = TrainingJob(RunRequest(tmp_path / "halved", steps=2))
    assert "kernels" not in _notices(finish(resumed))
    assert straight.trainer is not None
    assert resumed.trainer is not None
    assert resumed.trainer.state.discriminator.fused is fused
    assert state_hash(resumed.trainer.state) == state_hash(straight.trainer.state)
    for module in (jobs, decision):
        monkeypatch.setattr(module, "decide_execution", decide_execution)
    assert "kernels: triton 3.8, torch" in _notices(finish(TrainingJob(RunRequest(tmp_path / "halved", steps=3))))


def test_that_a_run_that_moves_to_another_device_may_take_its_kernels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    finish(TrainingJob(RunRequest(tmp_path / "run", tiny(training__steps=1))))
    asked = []

    def note(wanted: RunConfig) -> Execution:
        asked.append(wanted.fused_kernels)
        return decide_execution(with_values(wanted, {"device": "cpu"}))

    monkeypatch.setattr(decision, "decide_execution", note)
    for device in (None, "cuda:0"):
        finish(TrainingJob(RunRequest(tmp_path / "run", device=device)))
    assert asked == [False, True]


def test_that_an_older_execution_was_by_torchs_kernels() -> None:
    facts = {"device": "cuda:0", "hardware": "a GPU", "threads": 2, "precision": "float32", "torch_version": "2.14"}
    assert Execution.from_facts(facts).kernels == "torch"
    with pytest.raises(ValueError, match="other"):
        Execution.from_facts(facts | {"kernels": "other"})


def test_that_a_kernel_that_fails_in_a_run_is_trusted_no_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise triton.CompilationError(None, None, "no compiler")

    monkeypatch.setattr(kernel_trial, "_distrusted", threading.Event())
    monkeypatch.setattr(kernel_trial, "try_kernels", lambda device: True)
    monkeypatch.setattr(Trainer, "run", fail)
    assert kernel_trial.can_fuse("cuda:0")
    events = list(TrainingJob(RunRequest(tmp_path / "run", tiny())).run(TrainingControl()))
    assert any(isinstance(event, RunFailed) for event in events)
    assert not kernel_trial.can_fuse("cuda:0")


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")  # from NumPy, which the interpreter uses
def test_that_numbers_too_large_to_square_are_not_finite() -> None:
    x = torch.randn(4, 8, 4, 4) * 1e20
    norm = nn.BatchNorm2d(8)
    fused.norm_then_leak(x, norm, SLOPE)
    assert not torch.isfinite(norm.running_var).all()


def test_that_a_long_picture_is_counted_in_64_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    images = torch.randn(2, 3, 4, 4)
    expected = fused.to_blocks(images, 4, torch.float32)
    monkeypatch.setattr(fused, "LONG", 0)
    blocks = fused.to_blocks(images, 4, torch.float32)
    assert torch.equal(blocks, expected)
    assert torch.equal(fused.from_blocks(blocks, 3), images)


class _Steps:
    """Steps of a run with torch's kernels or with the fused kernels."""

    def __init__(self, config: RunConfig, *, with_kernels: bool) -> None:
        pictures, _ = load(config.data)
        self._settings = StepSettings(config.training.loss, config.precision.replace("auto", "float32"))
        self._config, self._feed = config, PictureFeed(config, pictures, CPU)
        self.state: TrainingState = build_state(
            config, CPU, len(pictures.class_names) if config.model.conditional else 0
        )
        self.parameters = [*self.state.generator.parameters(), *self.state.discriminator.parameters()]
        if with_kernels:
            use_fused_kernels(self.state.generator, self.state.discriminator)

    def step(self, *, spoilt: bool = False) -> Tensor:
        structure, seen = structure_of(self.state), self.state.pictures_seen
        count, size = structure.d_steps, structure.batch_size
        batches = [self._feed.batch(seen + index * size, size) for index in range(count)]
        noise = StepNoise(self._config.seed, self.state.step, CPU)
        z = noise.z(count, size, self._config.model.latent_dim, self._config.model.prior)
        z = tuple(part * float("nan") for part in z) if spoilt else z
        return torch.stack(train_step(self.state, batches, z, noise, self._settings))


def _generator(model: str) -> tuple[Generator, Tensor | None]:
    """Build a generator whose weights are not close to 0, and the class weights that it needs."""
    changes: dict[str, dict[str, object]] = {
        "resize": {"model.upsampling": "resize"},
        "by class": {"model.conditional": True},
        "fully connected": {"model.architecture": "vanilla"},
    }
    classes = 10 if model == "by class" else 0
    generator = Generator(with_values(RunConfig(), changes.get(model, {})), classes)
    for parameter in generator.parameters():
        nn.init.normal_(parameter, std=0.1)
    return generator, torch.eye(10)[:4] if classes else None


def _norm(channels: int) -> nn.BatchNorm2d:
    norm, source = nn.BatchNorm2d(channels), torch.Generator().manual_seed(channels)
    nn.init.normal_(norm.weight, generator=source)
    nn.init.normal_(norm.bias, generator=source)
    return norm


def _notices(events: list[object]) -> str:
    return " ".join(str(event.message) for event in events if isinstance(event, Noticed))
