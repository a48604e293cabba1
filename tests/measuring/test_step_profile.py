"""That the programs that time parts of a step measure what they say; the figures are nobody's claim here."""

import json
import time

import pytest
import torch

from benchmarks import drawing_variants, step_profile, step_variants
from benchmarks.step_profile import OperationWatch, profile
from benchmarks.step_variants import VARIANTS, MakeStep, not_captured, ours, sliced, unguarded
from gan_studio.bench.steps import Feed, OurStep, Setup
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.machine.bfloat16 import intensity
from gan_studio.engine.machine.devices import bfloat16_instructions
from gan_studio.engine.replay.captured import WARM_UP_STEPS

CPU = torch.device("cpu")
TINY = Setup(32, 1, 4, 8)
DOUBLING = with_values(TINY.config, {"model.upsampling": "resize"})


@pytest.fixture(autouse=True)
def one_thread():
    """Measure on one thread, and give torch back the thread count that was set."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def some_steps(step: OurStep, feed: Feed, *, watched: bool) -> dict[str, torch.Tensor]:
    for _ in range(WARM_UP_STEPS + 2):
        images, z = feed.next()
        if watched:
            with OperationWatch(time.thread_time):
                step.learn(images, z)
        else:
            step.learn(images, z)
    return step.state.tensors()


def assert_same_bits(ours: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> None:
    assert [name for name, tensor in ours.items() if not torch.equal(tensor, theirs[name])] == []


def test_that_watching_a_step_changes_no_bit_of_it():
    states = []
    for watched in (True, False):
        feed = Feed(TINY.config, CPU)
        states.append(some_steps(OurStep(TINY.config, feed, CPU), feed, watched=watched))
    assert_same_bits(*states)


def test_that_every_turn_of_the_clock_is_given_to_a_kind():
    ticks = iter(range(1_000_000))
    found = profile(TINY, steps=2, clock=lambda: float(next(ticks)))
    assert sum(found.shares.values()) == pytest.approx(1)
    assert list(found.shares.values()) == sorted(found.shares.values(), reverse=True)


def test_that_a_step_has_as_many_middle_convolutions_as_its_layers_ask_for():
    ticks = iter(range(1_000_000))
    watch = OperationWatch(lambda: float(next(ticks)))
    feed = Feed(TINY.config, CPU)
    step = OurStep(TINY.config, feed, CPU)
    images, z = feed.next()
    with watch:
        step.learn(images, z)
    counts = {kind: seconds for kind, seconds in watch.seconds.items() if kind.startswith("middle")}
    # Two layers each: D sees real, fake and fake again; G draws once; D's weights learn from two of the three.
    assert counts == {
        "middle convolutions, forward": 2 * 3 + 2,
        "middle convolutions, gradient of the input": 2 * 3 + 2,
        "middle convolutions, gradient of the weights": 2 * 2 + 2,
    }


def test_that_the_profile_prints_a_column_for_every_set_up(capsys: pytest.CaptureFixture[str]):
    asked = ["--widths", "4", "--batch", "4", "--steps", "1"]
    assert step_profile.main([*asked, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    setups = [f"{kind} width 4 batch 4" for kind in ("32x32x1", "32x32x3", "64x64x3")]
    assert [row["setup"] for row in printed["results"]] == setups
    assert all(sum(row["shares"].values()) == pytest.approx(1) for row in printed["results"])
    assert step_profile.main(asked) == 0
    table = capsys.readouterr().out
    assert "64x64x3 w4" in table
    assert "gradient of the weights" in table


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "bfloat16"])
def test_that_a_variant_changes_no_bit_of_a_step(variant: str):
    states = []
    for make in VARIANTS[variant]:
        feed = Feed(DOUBLING, CPU)
        states.append(some_steps(make(DOUBLING, feed), feed, watched=False))
    assert_same_bits(*states)


@pytest.mark.parametrize("make", [ours, unguarded])
def test_that_a_step_without_the_guard_alone_lets_nan_into_the_weights(make: MakeStep):
    feed = Feed(TINY.config, CPU)
    step = make(TINY.config, feed)
    images, z = feed.next()
    step.learn(images, torch.full_like(z, torch.nan))
    weights = step.state.generator.parameters()
    assert all(bool(torch.isfinite(weight).all()) for weight in weights) == (make is ours)


def test_that_a_sliced_step_sums_its_kernels_by_slices(monkeypatch: pytest.MonkeyPatch):
    asked = []
    monkeypatch.setattr(step_variants, "by_slices", lambda weight: asked.append(weight) or torch.zeros(0))
    feed = Feed(DOUBLING, CPU)
    with pytest.raises(RuntimeError):
        sliced(DOUBLING, feed).learn(*feed.next())
    assert len(asked) == 1


@pytest.mark.parametrize(("make", "is_replaying"), [(ours, True), (not_captured, False)])
def test_that_a_step_that_is_not_captured_is_done_by_python(make: MakeStep, is_replaying: bool):
    feed = Feed(TINY.config, CPU)
    step = make(TINY.config, feed)
    some_steps(step, feed, watched=False)
    assert step.captured.is_replaying == is_replaying


def test_that_every_variant_is_told_where_it_is_another_step(capsys: pytest.CaptureFixture[str]):
    asked = ["--widths", "4", "--batch", "4", "--pairs", "1", "--threads", "1"]
    assert step_variants.main([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    setups = ["quickstart", *(f"{kind} width 4 batch 4" for kind in ("32x32x1", "32x32x3", "64x64x3"))]
    told = [(row["variant"], row["setup"]) for row in rows if row["ratio"][1] > 0]
    known = [name for name in ("bfloat16",) if bfloat16_instructions()]
    assert told == [
        *(("capture", setup) for setup in setups),
        *(("guard", setup) for setup in setups),
        ("kernels", "quickstart"),
        *((name, setup) for name in known for setup in setups),
    ]
    assert rows[0]["intensity"] == pytest.approx(intensity(load_preset("quickstart").config))
    assert step_variants.main(["guard", "--presets", *asked]) == 0
    assert "64x64x3 width 4 batch 4" in capsys.readouterr().out


def test_that_a_step_in_bfloat16_is_another_step_and_is_profiled(capsys: pytest.CaptureFixture[str]):
    states = []
    for make in VARIANTS["bfloat16"]:
        feed = Feed(TINY.config, CPU)
        states.append(some_steps(make(TINY.config, feed), feed, watched=False))
    assert not all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    asked = ["--widths", "4", "--batch", "4", "--steps", "1", "--precision", "bfloat16", "--json"]
    assert step_profile.main(asked) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["precision"] == "bfloat16"
    assert all(row["shares"]["copies between layouts, casts"] > 0 for row in printed["results"])


def test_that_the_explorers_way_to_draw_is_compared_at_every_size(capsys: pytest.CaptureFixture[str]):
    assert drawing_variants.main(["--sizes", "32", "--widths", "32", "--pairs", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [row["setup"] for row in rows] == ["32x32 width 32 transposed", "32x32 width 32 resize"]
    assert all(0 <= row["difference"] < 1e-5 for row in rows)
    assert rows[0]["difference"] == 0  # too few channels for another way
    assert drawing_variants.main(["--sizes", "32", "--widths", "64", "--pairs", "1"]) == 0
    assert "32x32 width 64 resize" in capsys.readouterr().out
