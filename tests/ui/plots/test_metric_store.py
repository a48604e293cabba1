"""MetricStore: nothing is lost, peaks and gaps can be seen at every zoom, memory is bounded."""

import numpy as np
import pytest

from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.ui.plots.metric_chunk import CHUNK_ROWS
from gan_studio.ui.plots.metric_store import MetricStore

COLUMNS = len(METRIC_COLUMNS)
PIXELS = 500


def rows(first: int, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Make steps from `first` on, with noise between 0 and 1."""
    values = np.random.default_rng(seed).random((count, COLUMNS), dtype=np.float32)
    return np.arange(first, first + count, dtype=np.int64), values


@pytest.fixture
def long_run() -> tuple[MetricStore, np.ndarray]:
    steps, values = rows(1, 3 * CHUNK_ROWS + 1234)
    history = MetricStore()
    for start in range(0, len(steps), 9973):
        history.append(steps[start : start + 9973], values[start : start + 9973])
    return history, values


def test_that_every_row_can_be_read_back(long_run):
    history, values = long_run
    assert len(history) == len(values)
    assert (history.first_step, history.last_step) == (1, len(values))
    for row in (0, 77, CHUNK_ROWS - 1, CHUNK_ROWS, len(values) - 1):
        assert history.step_of(row) == row + 1
        np.testing.assert_array_equal(history.values_of(row), values[row])


@pytest.mark.parametrize("place", [0, 12_345, CHUNK_ROWS, 2 * CHUNK_ROWS + 17, 3 * CHUNK_ROWS + 1233])
def test_that_a_single_peak_is_drawn_however_far_one_is_away(place: int):
    steps, values = rows(1, 3 * CHUNK_ROWS + 1234)
    values[place, 1], values[place, 0] = 50, -50
    history = MetricStore()
    for start in range(0, len(steps), 997):
        history.append(steps[start : start + 997], values[start : start + 997])
    for first, last in ((1, len(steps)), (place - 20_000, place + 20_000), (place - 30, place + 30)):
        trace = history.envelope((0, 1), first, last, PIXELS)
        assert trace.y[1].max() == 50
        assert trace.y[0].min() == -50
        peak = trace.x[int(trace.y[1].argmax())]
        assert abs(peak - steps[place]) <= max(1, 2 * (last - first) / PIXELS)


@pytest.mark.parametrize("piece", [1, 7, 250])
def test_that_rows_that_come_in_pieces_are_drawn_like_rows_that_come_at_once(piece: int):
    steps, values = rows(1, 6000)
    whole, grown = MetricStore(), MetricStore()
    whole.append(steps, values)
    for start in range(0, len(steps), piece):
        grown.append(steps[start : start + piece], values[start : start + piece])
    for bins in (1, 20, 300):
        np.testing.assert_array_equal(grown.envelope((0, 6), 1, 6000, bins).y, whole.envelope((0, 6), 1, 6000, bins).y)
        smoothed = [history.smoothed((0, 6), 1, 6000, bins, 50).y for history in (grown, whole)]
        np.testing.assert_allclose(*smoothed, rtol=1e-5)


def test_that_a_zoomed_out_stretch_has_about_a_vertex_pair_a_pixel(long_run):
    history, values = long_run
    trace = history.envelope((0,), 1, len(values), PIXELS)
    assert PIXELS <= len(trace.x) <= 4 * PIXELS
    assert (np.diff(trace.x) >= 0).all()
    assert trace.x[-1] == len(values)


def test_that_few_rows_are_drawn_as_they_are(long_run):
    history, values = long_run
    trace = history.envelope((2, 3), 1000, 1100, PIXELS)
    inside = (trace.x >= 1000) & (trace.x <= 1100)
    np.testing.assert_array_equal(trace.x[inside], np.arange(1000, 1101))
    np.testing.assert_array_equal(trace.y[:, inside], values[999:1100, 2:4].T)
    assert trace.x[0] < 1000 < 1100 < trace.x[-1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("span", [60, 3000, 190_000])
def test_that_a_value_that_is_no_number_leaves_a_gap_at_every_zoom(bad: float, span: int):
    steps, values = rows(1, 3 * CHUNK_ROWS)
    values[100_000, 0] = bad
    history = MetricStore()
    history.append(steps, values)
    first, last = max(100_000 - span, 1), 100_000 + span // 2
    for trace in (
        history.envelope((0, 1), first, last, PIXELS),
        history.smoothed((0, 1), first, last, PIXELS, 50),
    ):
        gaps = trace.x[np.isnan(trace.y[0])]
        assert len(gaps) >= 1
        assert (abs(gaps - 100_000) <= max(2, 3 * span / PIXELS)).all()
        assert np.isfinite(trace.y[1]).all()
        assert not np.isinf(trace.y).any()


def test_that_replayed_steps_replace_what_was_logged_before(long_run):
    history, _ = long_run
    steps, values = rows(CHUNK_ROWS - 40, 25, seed=1)
    values += 10
    history.append(steps, values)
    assert history.last_step == CHUNK_ROWS - 40 + 24
    assert len(history) == history.last_step
    row = history.row_near(CHUNK_ROWS - 40)
    assert row is not None
    np.testing.assert_array_equal(history.values_of(row), values[0])
    assert history.envelope((0,), 1, 10**6, PIXELS).y.max() == values[:, 0].max()


@pytest.mark.parametrize("step", [0, 1, 17, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 5000, 10**9])
def test_that_rows_after_a_step_are_dropped_and_go_on_from_there(step: int):
    steps, values = rows(1, CHUNK_ROWS + 6000)
    values[step:] = 9
    history = MetricStore()
    history.append(steps, values)
    history.drop_after(step)
    kept = min(step, len(steps))
    assert len(history) == kept
    assert history.last_step == (kept or None)
    assert np.nan_to_num(history.envelope((0,), 1, 10**6, 20).y).max(initial=0) < 1
    history.append(*rows(kept + 1, 3, seed=2))
    assert (len(history), history.last_step) == (kept + 3, kept + 3)
    assert history.envelope((0,), 1, 10**6, 20).y.max() < 1


@pytest.mark.parametrize("step", [0, CHUNK_ROWS - 2, CHUNK_ROWS, CHUNK_ROWS + 98, CHUNK_ROWS + 100])
def test_that_the_rows_after_a_step_can_be_read_as_they_came(step: int):
    steps, values = rows(1, CHUNK_ROWS + 100)
    values[-1, 2] = np.inf
    history = MetricStore()
    history.append(steps, values)
    later_steps, later_values = history.rows_after(step)
    np.testing.assert_array_equal(later_steps, steps[step:])
    np.testing.assert_array_equal(later_values, values[step:])


@pytest.mark.parametrize("kept", [16, 256, 4096, CHUNK_ROWS, CHUNK_ROWS + 16, 5000])
def test_that_forgotten_rows_leave_no_trace_in_what_is_drawn(kept: int):
    steps, values = rows(1, CHUNK_ROWS + 6000)
    values[kept:] = 9
    history = MetricStore()
    history.append(steps, values)
    history.append(*rows(kept + 1, 1, seed=2))
    assert history.envelope((0,), 1, 10**6, 20).y.max() < 1
    assert history.smoothed((0,), 1, 10**6, 20, 5).y.max() < 1


def test_that_smoothing_is_the_exponential_average_of_the_steps_so_far():
    steps, values = rows(1, 400)
    history = MetricStore()
    history.append(steps, values)
    trace = history.smoothed((1,), 1, 400, PIXELS, 10)
    ages = np.arange(400)
    for row in (0, 5, 399):
        weights = np.exp(-ages[: row + 1] / 10)[::-1]
        expected = (weights * values[: row + 1, 1]).sum() / weights.sum()
        assert trace.y[0, list(trace.x).index(row + 1)] == pytest.approx(expected, abs=1e-5)


def test_that_smoothing_hardly_depends_on_the_zoom(long_run):
    history, _ = long_run
    near = history.smoothed((0,), 100_000, 100_400, PIXELS, 100)
    far = history.smoothed((0,), 90_000, 110_000, PIXELS, 100)
    at_near = np.interp(100_200, near.x, near.y[0])
    assert at_near == pytest.approx(np.interp(100_200, far.x, far.y[0]), abs=0.05)
    assert np.ptp(far.y[0]) < 0.5 < np.ptp(history.envelope((0,), 90_000, 110_000, PIXELS).y)


def test_that_the_nearest_row_is_found_between_logged_steps():
    history = MetricStore()
    _, values = rows(0, 4)
    history.append(np.array([10, 20, 30, 100], np.int64), values)
    assert [history.row_near(step) for step in (-5, 10, 14.9, 15.1, 64, 66, 1e9)] == [0, 0, 0, 1, 2, 3, 3]


def test_that_an_empty_history_draws_nothing():
    history = MetricStore()
    history.append(np.empty(0, np.int64), np.empty((0, COLUMNS), np.float32))
    assert len(history) == 0
    assert history.last_step is None
    assert history.row_near(5) is None
    assert len(history.envelope((0, 1), 0, 100, PIXELS).x) == 0
    assert len(history.smoothed((0, 1), 0, 100, PIXELS, 10).x) == 0
    assert [len(part) for part in history.recent_rows(100)] == [0, 0]


def test_that_clearing_forgets_everything(long_run):
    history, _ = long_run
    history.clear()
    assert len(history) == 0
    assert history.nbytes == 0


def test_that_the_recent_rows_are_the_last_as_logged(long_run):
    history, values = long_run
    steps, recent = history.recent_rows(2000)
    np.testing.assert_array_equal(recent, values[-2000:])
    assert steps[-1] == history.last_step
    assert len(history.recent_rows(10**9)[0]) == len(history)


def test_that_a_million_steps_take_at_most_a_hundred_bytes_each():
    history = MetricStore()
    steps, values = rows(1, 1_000_000)
    history.append(steps, values)
    assert history.nbytes <= 100 * 1_000_000
