"""That each benchmark program runs and measures what it says; what it measures is nobody's claim here."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import run_all, sixty_seconds
from benchmarks.classifier import Classifier, frechet_distance, labelled
from benchmarks.judge import restate
from gan_studio.bench.paired import Pairs, best_threads, in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup, StockStep, disagreement, step_operations
from gan_studio.bench.stock_loop import StockLoop, tensors_in_order
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.models.layers import MapToPicture, PictureToMap
from gan_studio.engine.models.networks import build_networks
from gan_studio.engine.step.state import build_state

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
TINY = Setup(32, 1, 4, 8)


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch):
    """Let every program find one core, and give torch back the thread count that it changed."""
    before = torch.get_num_threads()
    monkeypatch.setattr("gan_studio.engine.machine.cores.allowed_cores", lambda: {0})
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("setup", [TINY, Setup(32, 3, 4, 8), Setup(64, 3, 4, 8)])
def test_that_a_step_is_the_published_loops_step(setup: Setup):
    assert disagreement(setup.config, CPU) < 1e-4


def test_that_another_rate_would_be_noticed(monkeypatch: pytest.MonkeyPatch):
    def faster(self, state):
        plain(self, state)
        self.optimizer_g.param_groups[0]["lr"] *= 2

    plain = StockLoop.take_weights
    monkeypatch.setattr(StockLoop, "take_weights", faster)
    assert disagreement(TINY.config, CPU) > 1e-4


def test_that_the_published_networks_have_the_published_counts():
    loop = StockLoop(Setup(64, 3, 64, 8).config, CPU)
    counts = [sum(parameter.numel() for parameter in net.parameters()) for net in (loop.generator, loop.discriminator)]
    assert counts == [3_576_704, 2_765_568]


def test_that_both_loops_start_from_the_same_weights():
    state, loop = build_state(TINY.config, CPU), StockLoop(TINY.config, CPU)
    loop.take_weights(state)
    pairs = zip(tensors_in_order(state.generator), tensors_in_order(loop.generator), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)


@pytest.mark.parametrize("channels", [1, 3])
def test_that_working_in_blocks_of_pixels_changes_no_result(channels: int):
    torch.manual_seed(0)
    last, first = MapToPicture(6, channels), PictureToMap(channels, 6)
    torch.nn.init.normal_(last.weight)
    torch.nn.init.normal_(first.weight)
    features = torch.randn(2, 6, 8, 8)
    pictures = torch.nn.functional.conv_transpose2d(features, last.weight, None, 2, 1)
    torch.testing.assert_close(last(features), pictures)
    wanted = torch.nn.functional.conv2d(pictures, first.weight, None, 2, 1)
    torch.testing.assert_close(first(pictures.detach()), wanted)
    torch.testing.assert_close(first(pictures.detach().requires_grad_()), wanted)


def test_that_both_steps_see_the_same_batches():
    images, z = Feed(TINY.config, CPU).next()
    again, same_z = Feed(TINY.config, CPU).next()
    assert torch.equal(images, again)
    assert torch.equal(z, same_z)
    assert images.shape == (8, 1, 32, 32)


def test_that_operations_are_counted_as_the_formula_says():
    layers_d = [(1, 4, 16), (4, 8, 8), (8, 16, 4), (16, 1, 1)]
    layers_g = [(100, 16, 1), (16, 8, 4), (8, 4, 8), (4, 1, 16)]
    passes_d, passes_g = [6, 8, 8, 8], [2, 3, 3, 3]
    counted = zip([*layers_d, *layers_g], [*passes_d, *passes_g], strict=True)
    expected = sum(16 * wide * narrow * size**2 * passes for (wide, narrow, size), passes in counted)
    assert step_operations(TINY.config) == 2 * 8 * expected


def test_that_pairs_are_compared_pair_by_pair():
    pairs = Pairs((1.0, 2.0, 4.0), (2.0, 2.0, 12.0))
    assert pairs.ratios == (1.5, 2.0, 2.5)
    assert Pairs((1.0,), (3.0,)).ratios == (3.0, 3.0, 3.0)


def test_that_turns_alternate_and_warming_up_does_not_count():
    order: list[str] = []

    def turn(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    pairs = in_turn(lambda: turn("ours", 1.0), lambda: turn("theirs", 2.0), pairs=2, warm_up=1)
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert pairs == Pairs((1.0, 1.0), (2.0, 2.0))


def test_that_the_best_thread_count_is_the_fastest_one():
    assert best_threads(lambda: abs(torch.get_num_threads() - 2.0), cores=3, turns=1) == 2
    assert torch.get_num_threads() == 2


def test_that_the_classifier_knows_garments_and_distances_see_a_difference():
    classifier = Classifier(epochs=1)
    assert classifier.accuracy > 0.6
    pictures, _ = labelled("held-out")
    features = classifier.features(pictures)
    assert features.shape == (1000, 64)
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-3)
    assert frechet_distance(classifier.features(255 - pictures), features) > 0.1


def test_that_sixty_seconds_judges_at_each_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    setting = ["--set", "model.width=4", "training.batch_size=8", "--epochs", "1", "--out", str(tmp_path)]
    assert sixty_seconds.main(["--at-steps", "2", "4", "--json", *setting]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [mark["restated"] for mark in printed["marks"]] == [False, True, False, True]
    assert all(sum(mark["verdict"]["shares"]) == pytest.approx(1) for mark in printed["marks"])
    assert len(list(tmp_path.glob("*.png"))) == 4
    assert sixty_seconds.main(["--seconds", "0.1", *setting]) == 0
    assert "averaged" in capsys.readouterr().out


def test_that_restating_touches_only_the_statistics_of_a_copy():
    config = with_values(load_preset("quickstart").config, {"model.width": 4})
    generator, _ = build_networks(config, CPU)
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    restated = restate(generator, fixed_z(40, 100, "normal")).state_dict()
    assert all(torch.equal(before[name], tensor) for name, tensor in generator.state_dict().items())
    moved = {name for name, tensor in restated.items() if not torch.equal(tensor, before[name])}
    assert moved
    assert all(name.endswith(("running_mean", "running_var", "num_batches_tracked")) for name in moved)


def test_that_the_gpu_program_runs_without_a_gpu_and_says_so(tmp_path: Path):
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here: make gpu")
    out = tmp_path / "gpu.json"
    command = [sys.executable, "benchmarks/gpu.py", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "no CUDA device" in done.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert [check["passed"] for check in figures["checks"]] == [True] * 17
    assert [speed["ours"].split()[0] for speed in figures["speeds"]] == ["float32", "bfloat16", "run,", "run,"]
    assert figures["explorer"]["p95"] > 0


def test_that_run_all_tells_which_program_failed(capfd: pytest.CaptureFixture[str]):
    programs = (run_all.Program("classifier", ("--no-such-option",)), run_all.Program("absent"))
    assert run_all.main(["absent"], programs) == 1
    assert "absent" in capfd.readouterr().out.partition("== summary")[2]


def test_that_every_program_that_run_all_names_is_there():
    assert all(importlib.util.find_spec(program.place) for program in run_all.PROGRAMS)


def test_that_a_step_reports_as_many_numbers_as_the_published_loop_prints():
    ours, stock = OurStep(TINY.config, Feed(TINY.config, CPU), CPU), StockStep(TINY.config, Feed(TINY.config, CPU), CPU)
    assert ours() > 0
    assert stock() > 0
    assert len(ours.losses) == len(stock.losses)
    assert np.isfinite([*ours.losses, *stock.losses]).all()
