"""What work costs as it grows: the parts run, count and compare what they say; what they measure is nobody's claim."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from benchmarks import growth, growth_pictures, growth_plots, growth_speed, growth_window
from benchmarks.growth_chart import log_ticks, save_chart
from benchmarks.growth_figures import Chart, Curve, Growth, in_rounds, line_through, quartiles
from benchmarks.growth_speed import Axis, Speed, compared
from gan_studio.bench.steps import Setup
from gan_studio.ui.widgets.theme import curve_colours

ROOT = Path(__file__).parents[2]
TINY = Setup(32, 1, 4, 8)
TWO_BATCHES = (Axis("batch", "batch_size", "pictures in a batch", (8, 16)),)
MADE = Growth(
    "made",
    "Made for a test.",
    ("count", "seconds"),
    (("1", "2"), ("10", "20")),
    {"slope": 2.0},
    (Chart("made", "Made", "count", "seconds", (Curve("measured", (1.0, 10.0), (2.0, 20.0)),), is_log=(True, True)),),
)


def answer(module: str, *arguments: str) -> Any:
    """Run a part's own process without a screen, as patient with a busy machine as can be; returns what it found."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_that_each_part_has_its_titles_and_as_many_cells() -> None:
    lines = MADE.markdown().splitlines()
    assert lines[0] == "Made for a test."
    assert lines[2:6] == ["| count | seconds |", "| --- | --- |", "| 1 | 2 |", "| 10 | 20 |"]
    assert lines[-1] == "- slope: 2"


def test_that_a_slope_is_that_of_least_squares() -> None:
    slope, start = line_through((0.0, 1.0, 2.0), (1.0, 2.0, 6.0))
    assert (slope, start) == (pytest.approx(2.5), pytest.approx(0.5))
    with pytest.raises(ValueError, match="1 places"):
        line_through((3.0, 3.0), (1.0, 2.0))


def test_that_rounds_turn_about_and_warming_up_does_not_count() -> None:
    order: list[str] = []

    def turn(name: str) -> float:
        order.append(name)
        return float(len(order))

    taken = in_rounds({name: lambda name=name: turn(name) for name in "ab"}, rounds=2, warm_up=1)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert taken == {"a": [4.0, 5.0], "b": [3.0, 6.0]}


def test_that_a_single_value_is_its_own_quartiles() -> None:
    assert quartiles([3.0]) == (3.0, 3.0, 3.0)
    assert quartiles([1.0, 2.0, 3.0, 4.0, 5.0]) == (2.0, 3.0, 4.0)


def test_that_twice_the_pictures_in_the_same_time_are_twice_as_fast() -> None:
    speed = compared(Setup(32, 1, 4, 16), lambda: 0.5, TINY, lambda: 0.5, pairs=2)
    assert speed.images_per_second == 32
    assert speed.ratio == (2, 2, 2)
    assert speed.operations == 1


def test_that_a_wider_network_is_held_against_its_operations() -> None:
    speed = compared(Setup(32, 1, 8, 8), lambda: 0.5, TINY, lambda: 0.25, pairs=1)
    assert speed.ratio[1] == 0.5
    assert speed.operations > 3
    assert float(speed.row()[-1]) == pytest.approx(0.5 * speed.operations, abs=0.01)


def test_that_each_set_up_is_measured_once_beside_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_studio.engine.machine.cores.allowed_cores", lambda: {0})
    speeds = growth_speed.measured(TWO_BATCHES, TINY, pairs=1)
    assert [speed.setup.batch_size for speed in speeds] == [8, 16]
    assert all(speed.images_per_second > 0 for speed in speeds)
    told = growth_speed.told(TWO_BATCHES, TINY, speeds)
    assert [chart.name for chart in told.charts] == ["batch", "operations"]
    assert len(told.rows) == 2


def test_that_a_speed_survives_json() -> None:
    speed = Speed(TINY, 10.0, (1.0, 2.0, 3.0), 4.0)
    facts = json.loads(json.dumps({"setup": vars(TINY), **{k: v for k, v in vars(speed).items() if k != "setup"}}))
    assert Speed.from_facts(facts) == speed


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux is asked")
def test_that_memory_and_speed_are_told_for_each_count_of_pictures() -> None:
    told = growth_pictures.told(*growth_pictures.measured((100, 200), rounds=2))
    assert [row[0] for row in told.rows] == ["100", "200"]
    assert [chart.name for chart in told.charts] == ["pictures-speed", "pictures-memory"]
    assert all(y > 0 for chart in told.charts for y in chart.curves[0].y)


def test_that_a_batch_comes_from_the_feed_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_STUDIO_CACHE", str(tmp_path / "cache"))
    growth_pictures.make_pictures(tmp_path / "made.npy", 100)
    config = growth_pictures.with_values(growth_pictures.SETUP.config, {"data.source": str(tmp_path / "made.npy")})
    feed = growth_pictures.MadeFeed(config)
    (images, z), (more, _) = feed.next(), feed.next()
    assert images.shape == (64, 3, 32, 32)
    assert z.shape == (64, 100)
    assert not (images == more).all()
    assert feed.begin_epoch(1) > 0


def test_that_more_steps_take_more_memory_and_are_redrawn() -> None:
    few, many = answer("growth_plots", "--rounds", "1", "1000", "200000")
    assert few["ratio"] == 1
    assert many["megabytes"] > few["megabytes"]
    assert many["arrays"] > 200_000 * 32e-6
    assert min(few["ms"], many["ms"]) > 0


def test_that_memory_is_looked_at_until_the_last_step() -> None:
    marks = answer("growth_window", "steps", "20", "1000")
    assert marks[-1][0] >= 20
    assert len(marks) >= 3
    assert all(memory > 0 for _, memory in marks)


def test_that_run_after_run_is_opened_and_let_go_of() -> None:
    marks = answer("growth_window", "runs", "3", "2")
    assert [count for count, _ in marks] == [0, 1, 2, 3]
    assert all(memory > 0 for _, memory in marks)


def test_that_a_slope_leaves_out_the_warm_up() -> None:
    marks = [(0.0, 100.0), (1000.0, 400.0), (2000.0, 402.0), (10_000.0, 418.0)]
    told = growth_window.told_steps(marks)
    assert told.figures == {"slope, MB in 1 000 steps": pytest.approx(2.0)}
    assert growth_window.settled(marks) == marks[2:]
    assert growth_window.settled(marks[:2]) == marks[:2]
    opened = growth_window.told_runs([*marks[:2], (1500.0, 500.0), *marks[2:]])
    assert opened.figures == {"slope after 2000 runs, MB a run": pytest.approx(0.002), "most at any run, MB": 500}


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((1.0, 1000.0), (1.0, 10.0, 100.0, 1000.0)),
        ((30.0, 300.0), (50.0, 100.0, 200.0)),
        ((110.0, 340.0), (150.0, 200.0, 300.0)),
    ],
)
def test_that_a_logarithmic_axis_has_round_numbers(ends: tuple[float, float], ticks: tuple[float, ...]) -> None:
    assert log_ticks(*ends) == ticks


def test_that_a_chart_shows_its_curves_on_a_light_ground(qapp: QApplication, tmp_path: Path) -> None:
    guide = Curve("budget", (1.0, 10.0), (5.0, 5.0), 3, is_guide=True)
    chart = Chart("two", "Two", "count", "seconds", (Curve("measured", (1.0, 10.0), (2.0, 20.0)), guide))
    save_chart(chart, tmp_path / "two.png")
    picture = QImage(str(tmp_path / "two.png"))
    assert (picture.width(), picture.height()) == (1400, 700)
    assert picture.pixelColor(3, 3) == QColor("white")
    colours = {picture.pixelColor(x, y).name() for x in range(200, 1300, 3) for y in range(100, 600)}
    wanted = curve_colours(qapp.palette())
    assert {wanted[0].name(), wanted[3].name()} <= colours


def test_that_a_chart_that_cannot_be_written_is_said(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot write"):
        save_chart(MADE.charts[0], tmp_path / "absent" / "made.png")


def made(*, quick: bool) -> Growth:
    """Return a part that needs no measuring."""
    return MADE


@pytest.mark.parametrize(("arguments", "drawn"), [((), True), (("--quick",), False)])
def test_that_a_first_impression_leaves_the_docs_alone(
    arguments: Sequence[str], drawn: bool, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "IMAGES", tmp_path / "images")
    assert growth.main(arguments, {"made": made}) == 0
    assert (tmp_path / "images" / "growth-made.png").exists() == drawn


def test_that_what_was_measured_is_printed_as_json(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    assert growth.main(["--quick", "--json", "made"], {"made": made, "other": growth_plots.measure}) == 0
    assert json.loads(capsys.readouterr().out)["made"]["figures"] == {"slope": 2.0}


def test_that_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        growth.main(["absent"])
    assert "no such part: absent" in capsys.readouterr().err
