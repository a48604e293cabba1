"""CostLine: memory and time of a set-up, and how the time follows the measured speed."""

import pytest
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.models.estimates import (
    first_sheet_seconds,
    generator_plan,
    speed_of,
    step_operations,
    step_seconds,
)
from gan_studio.ui.setup.cost_line import CostLine


@pytest.fixture
def line(qtbot: QtBot) -> CostLine:
    line = CostLine()
    qtbot.addWidget(line)
    return line


def first_seconds(line: CostLine) -> float:
    """Return the expected seconds to the first sheet."""
    assert line.expectation is not None
    return line.expectation.first_seconds


def test_that_time_is_not_told_before_anything_was_measured(line: CostLine) -> None:
    assert line.expectation is None
    assert "of memory" in line.text()
    assert "measured while the window is idle" in line.text()


def test_that_time_and_memory_follow_the_set_up(line: CostLine) -> None:
    line.set_speed(1e10)
    narrow, small = line.text(), first_seconds(line)
    line.show_config(with_values(RunConfig(), {"model.width": 256, "training.batch_size": 512}))
    wide = first_seconds(line)
    assert wide > 50 * small
    assert line.text() != narrow
    assert "min" in line.text()


def test_that_a_slower_machine_takes_longer(line: CostLine) -> None:
    line.set_speed(1e11)
    fast = first_seconds(line)
    line.set_speed(1e10)
    assert first_seconds(line) == pytest.approx(10 * fast)


def test_that_the_speed_of_a_run_tells_the_time_of_its_own_steps() -> None:
    config = with_values(RunConfig(), {"training.d_steps": 3, "training.batch_size": 32})
    speed = speed_of(config, images_per_second=960.0)
    assert step_seconds(config, speed) == pytest.approx(3 * 32 / 960)


def test_that_the_first_sheet_waits_for_a_step_and_two_sheets() -> None:
    config = RunConfig()
    forward = sum(layer.multiply_adds for layer in generator_plan(config))
    work = config.training.batch_size * step_operations(config) + 2 * 64 * forward
    assert first_sheet_seconds(config, 1e9) == pytest.approx(work / 1e9)
