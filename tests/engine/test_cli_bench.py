"""The command that measures this machine."""

import json

import pytest

from gan_studio.bench import throughput
from gan_studio.bench.steps import Setup
from gan_studio.cli import main


def test_that_bench_prints_ratio_and_share_of_every_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throughput, "QUICK", (Setup(32, 1, 4, 8),))
    assert main(["bench", "--quick", "--pairs", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [row["ratio"] > 0 and 0 < row["share"] < 1 for row in printed["results"]] == [True]
    assert main(["bench", "--quick", "--pairs", "1"]) == 0
    table = capsys.readouterr().out
    assert "matrix product" in table
    assert "32x32x1 width 4 batch 8" in table
