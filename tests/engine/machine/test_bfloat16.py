"""bfloat16 on a CPU: "auto" takes it by a rule, the decision stands everywhere, and old runs are told what changed."""

from dataclasses import replace

import pytest
import torch

from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.machine import bfloat16, decision, devices
from gan_studio.engine.machine.bfloat16 import (
    GAINS,
    INSTRUCTIONS,
    LEAST_GAIN,
    Gain,
    gains,
    intensity,
    rule,
    stated_precision,
)
from gan_studio.engine.machine.decision import decide_execution, reuse_execution
from gan_studio.engine.machine.devices import bfloat16_instructions
from gan_studio.engine.support.doctor import examine

ON_CPU = {"device": "cpu"}
QUICKSTART = with_values(load_preset("quickstart").config, ON_CPU)
WIDE = with_values(load_preset("pytorch-tutorial").config, ON_CPU)


def sized(size: int, channels: int, width: int, **others: object) -> RunConfig:
    """Return a set-up of this size."""
    sizes = {"data.image_size": size, "data.channels": channels, "model.width": width}
    return with_values(RunConfig(), {**ON_CPU, **sizes, **others})


@pytest.fixture
def has_instructions(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let torch find certain instructions on this CPU."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: dict.fromkeys(request.param, True), raising=False)


MEASURED = {
    75.6: QUICKSTART,
    110.9: sized(32, 3, 24),
    199.2: sized(64, 3, 32),
    293.8: sized(32, 3, 64),
    403.8: WIDE,
    586.4: with_values(load_preset("wide-cifar10").config, ON_CPU),
}


@pytest.mark.parametrize("row", GAINS)
def test_that_each_measured_set_up_is_decided_by_its_own_gain(row: Gain):
    config = MEASURED[row.intensity]
    assert 0 <= intensity(config) - row.intensity < 0.1
    assert gains(config, row.instructions) == (row.gain >= LEAST_GAIN)


def test_that_what_lies_below_every_measured_gain_stays_in_float32():
    assert not gains(sized(32, 3, 32), "amx_bf16")
    assert not any(gains(WIDE, other) for other in ("avx512_bf16", ""))


def test_that_one_poor_measurement_holds_back_everything_below_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bfloat16, "GAINS", (*GAINS, Gain("amx_bf16", 300, 1.2)))
    assert gains(WIDE, "amx_bf16")
    assert not gains(sized(32, 3, 64), "amx_bf16")


@pytest.mark.parametrize(
    "change",
    [{"model.architecture": "vanilla", "model.width": 512}, {"training.r1": 0.1}, {"training.gradient_penalty": 10.0}],
)
def test_that_a_step_of_another_kind_stays_in_float32(change: dict[str, object]):
    assert not gains(with_values(WIDE, change), "amx_bf16")


@pytest.mark.parametrize(
    ("has_instructions", "found", "precision", "hardware"),
    [
        (["amx_bf16", "avx512_bf16"], "amx_bf16", "bfloat16", ", amx_bf16"),
        (["avx512_bf16"], "avx512_bf16", "float32", ""),
        (["avx2"], "", "float32", ""),
    ],
    indirect=["has_instructions"],
)
@pytest.mark.usefixtures("has_instructions")
def test_that_auto_is_decided_by_instructions_and_layers(found: str, precision: str, hardware: str):
    assert bfloat16_instructions() == found
    wide = decide_execution(WIDE)
    assert (wide.precision, wide.hardware) == (precision, torch.backends.cpu.get_cpu_capability() + hardware)
    assert wide == decide_execution(WIDE)
    assert decide_execution(QUICKSTART).precision == "float32"
    assert decide_execution(with_values(WIDE, {"precision": "float32"})).precision == "float32"
    assert decide_execution(with_values(WIDE, {"precision": "bfloat16"})).precision == "bfloat16"


@pytest.mark.parametrize(("avx512", "amx", "found"), [(True, True, 0), (True, False, 1), (False, False, None)])
def test_that_the_instructions_are_found_in_torch_before_it_had_a_function_for_them(
    avx512: bool, amx: bool, found: int | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    assert bfloat16_instructions() == ("" if found is None else INSTRUCTIONS[found])


@pytest.mark.parametrize("has_instructions", [["amx_bf16"]], indirect=True)
@pytest.mark.usefixtures("has_instructions")
def test_that_a_resumed_run_keeps_its_precision_and_is_told_of_other_instructions():
    here = decide_execution(WIDE)
    assert reuse_execution(here, WIDE) == here
    before = replace(here, hardware=torch.backends.cpu.get_cpu_capability())
    (reason,) = before.differences(reuse_execution(before, WIDE))
    assert reason.startswith("hardware: ")
    assert reason.endswith("amx_bf16")
    in_float32 = replace(before, precision="float32")
    assert reuse_execution(in_float32, WIDE) == in_float32


@pytest.mark.parametrize("has_instructions", [["avx2"]], indirect=True)
@pytest.mark.usefixtures("has_instructions")
def test_that_a_run_that_took_bfloat16_for_its_speed_goes_on_in_float32_where_it_would_be_slow():
    first = replace(decide_execution(WIDE), precision="bfloat16")
    assert reuse_execution(first, WIDE).precision == "float32"
    assert "precision: bfloat16, float32" in first.differences(reuse_execution(first, WIDE))
    assert reuse_execution(first, with_values(WIDE, {"precision": "bfloat16"})).precision == "bfloat16"


def test_that_a_decision_is_stated_where_another_cpu_decides_otherwise():
    assert stated_precision(WIDE, "amx_bf16") == "bfloat16"
    assert stated_precision(WIDE, "") == stated_precision(WIDE, "avx512_bf16") == "float32"
    assert stated_precision(QUICKSTART, "amx_bf16") is None
    assert stated_precision(with_values(WIDE, {"precision": "float32"}), "amx_bf16") is None


@pytest.mark.parametrize(
    ("instructions", "said"),
    [("amx_bf16", "from 199 multiply-adds a value on"), ("avx512_bf16", "was measured"), ("", "no instructions")],
)
def test_that_the_doctor_says_how_auto_is_decided_here(instructions: str, said: str, monkeypatch: pytest.MonkeyPatch):
    assert said in rule(instructions)
    for module in (devices, decision):
        monkeypatch.setattr(module, "bfloat16_instructions", lambda: instructions)
    (finding,) = [finding for finding in examine() if finding.name == "bfloat16 on cpu"]
    assert finding.ok
    assert finding.detail == rule(instructions)
