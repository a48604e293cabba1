"""What the programs behind `make gpu` count and compare, where no device is needed to see it."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from benchmarks import gpu_kernels, gpu_pieces, gpu_profile
from benchmarks.gpu_floor import WEIGHT_PASSES_D, WEIGHT_PASSES_G, Floor, measure_floor, step_bytes
from benchmarks.gpu_loops import EPOCH, LoaderSteps, MadeReady, RunSteps
from gan_studio.bench.steps import Setup, step_operations
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.data.pixels import to_model_range
from gan_studio.engine.replay.captured import WARM_UP_STEPS
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from tests.engine.pictures import noise
from tests.engine.runs import finish

CPU = torch.device("cpu")
TINY = Setup(32, 1, 4, 8)


def test_that_bytes_are_counted_as_the_formula_says() -> None:
    maps_d = [(32 * 32, 4 * 256, 4), (4 * 256, 8 * 64, 10), (8 * 64, 16 * 16, 10), (16 * 16, 1, 4)]
    maps_g = [(100, 16 * 16, 10), (16 * 16, 8 * 64, 10), (8 * 64, 4 * 256, 10), (4 * 256, 32 * 32, 4)]
    numbers = 3 * sum(given * passes for _, given, passes in maps_d) + 2 * sum(taken for taken, _, _ in maps_d)
    numbers += sum(given * passes + taken for taken, given, passes in maps_g)
    weights_d = 16 * (4 + 4 * 8 + 8 * 16 + 16) + 2 * (8 + 16)
    weights_g = 16 * (100 * 16 + 16 * 8 + 8 * 4 + 4) + 2 * (16 + 8 + 4)
    weights = 4 * (WEIGHT_PASSES_D * weights_d + WEIGHT_PASSES_G * weights_g)
    for size in (2, 4):
        assert step_bytes(TINY.config, size) == 8 * (size * numbers + (1 + size) * 32 * 32) + weights


@pytest.mark.parametrize("program", [gpu_profile, gpu_pieces])
def test_that_what_only_a_device_can_tell_says_that_there_is_none(program: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["program"])
    assert program.main() == 3


def test_that_kernels_are_held_against_torchs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    fused = pytest.importorskip("gan_studio.engine.kernels.fused", reason="Triton comes with torch for CUDA alone")
    config = with_values(TINY.config, {"device": "cpu"})
    monkeypatch.setattr(gpu_kernels, "has_kernels", lambda device: True)
    monkeypatch.setattr(gpu_kernels, "SHAPES", ((4, 24, 5, 2),))
    assert "torch.bfloat16: at most" in gpu_kernels.norms_agree(config, tmp_path)
    assert "are the same" in gpu_kernels.blocks_agree(config, tmp_path)
    sound = fused.norm_then_leak
    monkeypatch.setattr(fused, "norm_then_leak", lambda *given: sound(*given).mul(1.02))
    with pytest.raises(AssertionError, match="apart"):
        gpu_kernels.norms_agree(config, tmp_path)


def test_that_the_pieces_are_computed_in_every_division(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("triton", reason="comes with torch for CUDA alone")
    done = []
    monkeypatch.setattr(gpu_pieces, "MAPS", ((4, 64, 4, 1), (4, 70, 2, 2)))
    monkeypatch.setattr(gpu_pieces, "microseconds", lambda work: done.append(work()) or 1.0)
    lines = list(gpu_pieces.norms(CPU))
    assert len(lines) == len(gpu_pieces.DIVISIONS) + 2
    assert len(done) == 2 * (len(lines) - 1)
    *ours, theirs = done[::2]
    assert all(len(gradients) == 3 for gradients in ours)
    for gradients in ours:
        torch.testing.assert_close(gradients[0], theirs[0], rtol=0.1, atol=0.1)


def test_that_a_kernel_is_told_apart_by_its_own_name():
    name = "void at::native::(anonymous namespace)::sum_kernel<float, 4>(float*, int)"
    assert gpu_profile.short_name(name) == "sum_kernel<float, 4>"


def test_that_the_floor_is_what_takes_longer() -> None:
    assert Floor(operations=6.0, bytes=1.0, peak=2.0, bandwidth=1.0).seconds == pytest.approx(3.0)
    assert Floor(operations=6.0, bytes=1.0, peak=2.0, bandwidth=1.0).bound == "operations"
    assert Floor(operations=6.0, bytes=8.0, peak=2.0, bandwidth=2.0).seconds == pytest.approx(4.0)
    assert Floor(operations=6.0, bytes=8.0, peak=2.0, bandwidth=2.0).bound == "bytes"
    floor = measure_floor(TINY.config, CPU, "bfloat16", tiny=True)
    assert floor.operations == step_operations(TINY.config)
    assert floor.bytes == step_bytes(TINY.config, 2)
    assert min(floor.peak, floor.bandwidth) > 0


def test_that_the_loops_steps_are_those_of_a_run(tmp_path: Path) -> None:
    config = with_values(TINY.config, {"device": "cpu", "training.steps": 5, "data.flip": True})
    job = TrainingJob(RunRequest(tmp_path / "run", config))
    finish(job)
    step = RunSteps(config, read_pictures(config.data), CPU, "float32", captured=False)
    for _ in range(5):
        step()
    assert job.trainer is not None
    assert state_hash(step.state) == state_hash(job.trainer.state)


@pytest.mark.parametrize("captured", [True, False])
def test_that_a_step_is_captured_where_that_was_asked_for(captured: bool) -> None:
    step = RunSteps(TINY.config, read_pictures(TINY.config.data), CPU, "float32", captured=captured)
    for _ in range(WARM_UP_STEPS + 1):
        step()
    assert step.captured.is_replaying == captured
    assert step.captured.take_refusal() is None


def test_that_the_published_loader_hands_over_what_our_networks_see() -> None:
    images = noise(6, 3, 4, 4)
    data = MadeReady(images)
    assert len(data) == EPOCH
    torch.testing.assert_close(data[EPOCH - 1], data[(EPOCH - 1) % 6])
    torch.testing.assert_close(data[2], to_model_range(torch.from_numpy(images))[2].contiguous())


def test_that_the_published_loop_goes_round_its_pictures() -> None:
    pictures = np.ascontiguousarray(noise(20, 1, 32, 32))
    steps = LoaderSteps(TINY.config, pictures, CPU, workers=0)
    numbers = [steps() for _ in range(5)]  # the pictures fill two batches
    steps.close()
    assert np.isfinite(numbers).all()
    assert len(set(numbers)) == 5
