"""The speed of this machine before any run: a few steps that leave no trace."""

import threading
from collections.abc import Callable
from pathlib import Path

from gan_studio.engine.models.estimates import speed_of
from gan_studio.engine.run.checkpoint import state_hash
from gan_studio.engine.training.speed import ON_CPU, measure_speed
from tests.engine.runs import tiny, train


def in_a_thread(work: Callable[[], object]) -> object:
    """Do something in a thread of its own, as the window does; returns what came of it."""
    came: list[object] = []
    thread = threading.Thread(target=lambda: came.append(work()))
    thread.start()
    thread.join()
    return came[0]


def test_that_the_speed_is_one_a_run_could_have() -> None:
    speed = in_a_thread(lambda: measure_speed(lambda: False))
    assert isinstance(speed, float)
    assert speed_of(ON_CPU, 1.0) < speed < speed_of(ON_CPU, 10_000_000.0)


def test_that_measuring_is_given_up_between_two_steps() -> None:
    asked: list[int] = []

    def is_enough() -> bool:
        asked.append(1)
        return len(asked) > 3

    assert in_a_thread(lambda: measure_speed(is_enough)) is None
    assert len(asked) == 4


def test_that_measuring_changes_no_run(tmp_path: Path) -> None:
    before = train(tmp_path / "before", tiny(training__steps=3)).trainer
    in_a_thread(lambda: measure_speed(lambda: False))
    after = train(tmp_path / "after", tiny(training__steps=3)).trainer
    assert before is not None
    assert after is not None
    assert state_hash(before.state) == state_hash(after.state)
