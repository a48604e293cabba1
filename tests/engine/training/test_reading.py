"""Reading D's output: what is said of recorded runs, and what is not said."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.training.reading import read_output

LOSSES = ("non_saturating", "minimax", "least_squares", "hinge", "wasserstein")
RECORDED = Path(__file__).parents[2] / "fixtures" / "outputs_of_d.txt"
Rows = tuple[NDArray[np.int64], NDArray[np.float32]]


def rows(pairs: NDArray[np.float32], first: int = 1) -> Rows:
    """Make steps and metrics from pairs (D for real pictures, D for generated ones), float32 [rows, 2]."""
    values = np.full((len(pairs), len(METRIC_COLUMNS)), 0.5, np.float32)
    values[:, METRIC_COLUMNS.index("d_real")] = pairs[:, 0]
    values[:, METRIC_COLUMNS.index("d_fake_before")] = pairs[:, 1]
    return np.arange(first, first + len(pairs)), values


def recorded(name: str) -> tuple[Rows, str]:
    """Read a recorded series, and its loss."""
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(f"[{name}]"))
    _, loss, first = lines[begin].split()
    ends = [number for number, line in enumerate(lines) if line.startswith("[") and number > begin]
    pairs = [line.split() for line in lines[begin + 1 : (ends or [len(lines)])[0]]]
    return rows(np.array(pairs, np.float32), int(first)), loss


def level(real: float, fake: float, count: int = 100) -> Rows:
    return rows(np.full((count, 2), (real, fake), np.float32))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "frozen",
            "D gives real and generated pictures nearly the same answer: 0.50 and 0.50 on average",
        ),
        ("certain", "D is nearly sure which are real: over the last 100 steps real pictures got 1.00 on average"),
        (
            "blind",
            "D finds generated pictures more real than real ones: over the last 100 steps real ones got 0.50",
        ),
        ("contest", "D tells them apart, but is not sure: over the last 100 steps real pictures got 0.70 on average"),
        ("early", "D tells them apart, but is not sure: over the last 100 steps"),
        ("swinging", "D's output swings from step to step: over the last 100 steps real pictures got"),
        ("hinge", "Raw scores, on average over the last 100 steps: real 0.79, generated -0.86."),
        ("least_squares", "Raw scores, on average over the last 100 steps: real 0.80, generated 0.20."),
        ("wasserstein", "Raw scores, on average over the last 100 steps: real 7.07, generated -6.15."),
    ],
)
def test_that_each_recorded_run_is_described_by_its_numbers(name: str, said: str) -> None:
    (steps, values), loss = recorded(name)
    assert str(read_output(steps, values, loss)).startswith(said)


def test_that_a_frozen_contest_is_said_to_teach_g_nothing_and_no_other_run_is() -> None:
    names = ("frozen", "certain", "blind", "contest", "early", "swinging", "hinge", "least_squares", "wasserstein")
    said = {name: str(read_output(*recorded(name)[0], recorded(name)[1])) for name in names}
    assert [name for name, text in said.items() if "teaches G nothing" in text] == ["frozen"]


def test_that_a_run_of_fewer_than_100_steps_is_not_judged() -> None:
    (steps, values), loss = recorded("contest")
    assert read_output(*recorded("beginning")[0], loss) is None
    assert read_output(steps[:99], values[:99], loss) is None
    assert read_output(steps[:100], values[:100], loss) is not None


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_that_nothing_is_said_of_numbers_that_are_not_finite(loss: str, bad: float) -> None:
    steps, values = level(0.6, 0.4)
    values[70] = bad
    assert read_output(steps, values, loss) is None


def test_that_nothing_is_said_of_steps_with_a_gap() -> None:
    steps, values = level(0.6, 0.4)
    steps[50:] += 30
    assert read_output(steps, values, "non_saturating") is None


def test_that_the_averages_of_the_steps_before_show_the_trend() -> None:
    pairs = np.array([(0.6, 0.4)] * 100 + [(0.8, 0.2)] * 100, np.float32)
    assert str(read_output(*rows(pairs), "non_saturating")).endswith("In the 100 steps before: 0.60 and 0.40.")
    assert "before" not in str(read_output(*rows(pairs[100:]), "non_saturating"))


@pytest.mark.parametrize(
    ("real", "fake", "begins"),
    [
        (0.98, 0.02, "D is nearly sure"),
        (0.7, 0.3, "D tells them apart, but is not sure"),
        (0.54, 0.46, "D hardly tells them apart"),
        (0.3, 0.7, "D finds generated pictures more real"),
        (0.51, 0.5, "D gives real and generated pictures nearly the same answer"),
        (0.999, 0.998, "D hardly tells them apart"),
    ],
)
def test_that_every_gap_has_its_sentence(real: float, fake: float, begins: str) -> None:
    assert str(read_output(*level(real, fake), "non_saturating")).startswith(begins)


def test_that_equal_raw_scores_teach_nothing_where_the_loss_has_targets() -> None:
    for loss, said in (("hinge", True), ("least_squares", True), ("wasserstein", False)):
        text = str(read_output(*level(0.2, 0.2), loss))
        assert ("teaches G nothing" in text) == said
        assert "0.50" not in text


def test_that_every_sentence_fits_three_lines_of_the_plot() -> None:
    names = ("frozen", "certain", "blind", "contest", "swinging")
    assert max(len(str(read_output(*recorded(name)[0], recorded(name)[1]))) for name in names) <= 180
