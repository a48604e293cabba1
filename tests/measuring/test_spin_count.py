"""The program that compares how long OpenMP's threads spin."""

import json
import os

import pytest

from benchmarks import spin_count
from gan_studio.__main__ import SPINS


def test_that_a_trainer_is_started_with_its_count_and_leaves_ours_alone(monkeypatch: pytest.MonkeyPatch):
    seen = []

    class Process:
        def __init__(self, **given: object) -> None:
            self.connection = given["args"][0]

        def start(self) -> None:
            seen.append(os.environ.get(spin_count.VARIABLE))
            self.connection.send(True)

        def join(self) -> None:
            pass

    monkeypatch.setenv(spin_count.VARIABLE, "7")
    monkeypatch.setattr(spin_count.CONTEXT, "Process", Process)
    for count in ("3", spin_count.PROGRAM):
        with spin_count.trainer(count, "quickstart", 1):
            pass
    assert seen == ["3", SPINS]
    assert os.environ[spin_count.VARIABLE] == "7"


def test_that_the_rate_is_compared_with_that_of_the_program_in_the_same_round():
    rates = {"1": [10.0, 40.0, 30.0], spin_count.PROGRAM: [10.0, 20.0, 10.0]}
    outcome = spin_count.outcome_of("alone", "1", rates)
    assert (outcome.rate, outcome.least) == (30.0, 10.0)
    assert outcome.ratio == (1.5, 2.0, 2.5)


def test_that_every_count_takes_its_turn_beside_everything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(spin_count, "BURST_SECONDS", 0.1)
    monkeypatch.setattr(spin_count, "START_SECONDS", 0.1)
    monkeypatch.setattr(spin_count, "SETTLE_SECONDS", 0.1)
    assert spin_count.main(["--counts", "1000", "--rounds", "1", "--threads", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [(row["surrounding"], row["count"]) for row in rows] == [
        (surrounding, count) for surrounding in spin_count.SURROUNDINGS for count in ("1000", spin_count.PROGRAM)
    ]
    assert all(row["rate"] > 0 for row in rows)
