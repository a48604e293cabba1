"""Axis ends are round, leave space to grow, and are never reversed."""

import numpy as np
import pytest

from gan_studio.ui.plots.axis_range import exponent_range, round_above, step_range, usual, value_range


@pytest.mark.parametrize("value", [0.00123, 0.7, 1, 1.01, 12_400, 99_999, 1e9 + 1])
def test_that_a_round_end_is_above_and_near(value: float):
    assert value <= round_above(value) * (1 + 1e-9)
    assert round_above(value) <= value * 4 / 3 * (1 + 1e-9)


def test_that_the_step_axis_holds_every_step_and_stands_still_as_it_grows():
    ends = [step_range(1, last)[1] for last in range(1000, 2000)]
    assert all(end >= last for end, last in zip(ends, range(1000, 2000), strict=True))
    assert len(set(ends)) <= 4


def test_that_a_branch_that_begins_late_is_not_squeezed_to_the_right():
    assert step_range(50_000, 52_000)[0] == 50_000
    assert step_range(1, 52_000)[0] == 0


def test_that_an_empty_run_has_an_axis():
    assert step_range(None, None) == (0.0, 100.0)
    assert value_range(np.empty((2, 0), np.float32), ()) == (0.0, 1.25)
    assert exponent_range(np.empty((2, 0), np.float32), ()) == (-1.0, 1.0)


def test_that_the_value_axis_holds_values_and_level_lines():
    low, high = value_range(np.array([[0.2, np.nan, 3.1], [np.inf, 1.0, -0.4]], np.float32), (0.5, 7.0))
    assert low <= -0.4
    assert 7 <= high < 10


def test_that_a_run_of_negative_losses_is_shown_below_zero():
    low, high = value_range(np.array([[-0.7, -0.1]], np.float32), ())
    assert low <= -0.7
    assert 0 <= high < 1.1
    assert high > low


def test_that_logarithms_are_held_with_room():
    low, high = exponent_range(np.array([[-1.3, 0.4]], np.float32), (100.0, -5.0))
    assert low <= -1.3
    assert high >= 2


def test_that_one_spike_does_not_decide_the_axis():
    values = np.full((2, 400), 0.7, np.float32)
    values[1] = 1.5
    values[0, 200] = 90
    values[1, 300] = -40
    kept = usual(values)
    assert np.isnan(kept).sum() == 2
    assert np.nanmax(kept) == np.float32(1.5)
    assert values[0, 200] == 90


def test_that_noise_without_outliers_is_kept_whole():
    values = np.random.default_rng(0).uniform(0.2, 3.0, (3, 500)).astype(np.float32)
    assert not np.isnan(usual(values)).any()


def test_that_a_curve_far_from_the_other_is_not_an_outlier():
    values = np.stack([np.full(200, 0.01, np.float32), np.full(200, 9.0, np.float32)])
    assert not np.isnan(usual(values)).any()


def test_that_a_few_values_are_all_shown():
    values = np.array([[0.7, 0.7, 90.0, 0.7]], np.float32)
    assert not np.isnan(usual(values)).any()


def test_that_logarithms_leave_out_only_what_is_decades_away():
    values = np.zeros((1, 400), np.float32)
    values[0, :2] = 0.4, 3.0
    assert np.flatnonzero(np.isnan(usual(values, is_log=True)[0])).tolist() == [1]
