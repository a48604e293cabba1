"""That the programs which measure pictures run and tell what they say; what they measure is nobody's claim here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def answer(program: str, *arguments: str) -> Any:
    """Run a benchmark and return what it prints as JSON."""
    command = [sys.executable, "-m", f"benchmarks.{program}", *arguments, "--json"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def test_that_epochs_of_both_loaders_are_compared():
    facts = answer("folder_epochs", "--pictures", "70", "--pairs", "1")
    assert facts["ratio"] == pytest.approx(facts["our_pictures_per_second"] / facts["stock_pictures_per_second"])


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux is asked")
def test_that_the_memory_of_an_epoch_is_told_for_each_count(tmp_path: Path):
    rows = answer("many_pictures", "--counts", "200", "400", "--place", str(tmp_path))
    assert [row["pictures"] for row in rows] == [200, 400]
    assert all(row["epoch_anonymous"] >= row["idle_anonymous"] > 0 for row in rows)
    assert list(tmp_path.iterdir()) == []
