"""Announce a run that takes long on the CPU, before it trains."""

import threading

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.library.advice import expect
from gan_studio.engine.models.estimates import step_operations
from gan_studio.engine.text.message import Message
from gan_studio.engine.text.units import duration_text
from gan_studio.engine.training.speed import measure_speed

MANY_OPERATIONS = 10**15
"""Multiply-adds of a run below which its time is not estimated: no CPU with two cores takes half a day for them."""


def expect_long(config: RunConfig) -> Message | None:
    """Estimate how long a run takes on this CPU; returns one sentence if it takes long, otherwise None."""
    if config.training.steps * config.training.batch_size * step_operations(config) < MANY_OPERATIONS:
        return None
    speed = _speed()
    if not speed:
        return None
    expected = expect(config, speed)
    if not expected.is_long:
        return None
    first, whole = duration_text(expected.first_seconds), duration_text(expected.all_seconds)
    return Message("advice.long", steps=config.training.steps, time=whole, first=first)


def _speed() -> float | None:
    """Measure in a thread of its own, because the measurement changes the thread's priority and thread count."""
    found: list[float | None] = []
    thread = threading.Thread(target=lambda: found.append(measure_speed(lambda: False)))
    thread.start()
    thread.join()
    return found[0] if found else None
