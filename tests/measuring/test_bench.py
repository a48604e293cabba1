"""The command that measures this machine."""

import json
from collections.abc import Iterator

import pytest
import torch

from gan_studio.bench import throughput
from gan_studio.bench.steps import Setup, step_operations
from gan_studio.cli.main import main
from gan_studio.engine.machine.devices import bfloat16_instructions


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the command find one core, and give torch back the thread count that it changed."""
    before = torch.get_num_threads()
    monkeypatch.setattr("gan_studio.engine.machine.cores.allowed_cores", lambda: {0})
    yield
    torch.set_num_threads(before)


def test_that_bench_prints_ratio_and_share_of_every_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throughput, "QUICK_SIZES", ((32, 1, 4),))
    assert main(["bench", "--quick", "--pairs", "2", "--batch", "128", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["pairs"] == 2
    (row,) = printed["results"]
    assert row["setup"] == "32x32x1 width 4 batch 128"
    assert row["ratio"] > 0
    assert 0 < row["share"] < 1
    assert (row["bfloat16"] is None) == (bfloat16_instructions() == "")
    assert row["operations"] == step_operations(throughput.setups_of([128], quick=True)[0].config)
    monkeypatch.setattr(throughput, "measure", lambda *_: throughput.Result(**{**row, "together": (1, 2, 3)}))
    assert main(["bench", "--quick", "--pairs", "1"]) == 0
    table = capsys.readouterr().out
    assert "matrix product" in table
    assert "32x32x1 width 4 batch 128     2.00 (1.00 to 3.00)" in table
    assert "the same in bfloat16" in table


def test_that_bench_measures_bfloat16_where_the_cpu_has_instructions_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "bfloat16_instructions", lambda: "amx_bf16")
    found = throughput.measure(Setup(32, 1, 4, 4), 2, 1, 1e9)
    assert found.bfloat16 is not None
    assert found.bfloat16 != found.apart
    assert f"{found.bfloat16[1]:.2f} (" in found.line()


def test_that_the_table_holds_every_kind_of_picture_at_both_widths() -> None:
    shown = {str(setup) for setup in throughput.setups_of([64])}
    pictures = ("32x32x1", "32x32x3", "64x64x3")
    assert {f"{kind} width {width} batch 64" for kind in pictures for width in (32, 64)} <= shown
    assert "32x32x1 width 24 batch 64" in shown
    assert {setup.batch_size for setup in throughput.setups_of([64, 128])} == {64, 128}
