"""Commands and events between threads."""

import threading

import numpy as np

from gan_studio.engine.control import PublishWeights, SampleNow, SetKnob, TrainingControl
from gan_studio.engine.events import METRIC_COLUMNS, MetricsLogged, PhaseChanged, RunPhase, SamplesDrawn
from gan_studio.engine.mailbox import EventMailbox
from gan_studio.engine.moment import Moment
from gan_studio.engine.sheet import Sheet


def metrics(step: int) -> MetricsLogged:
    return MetricsLogged(np.array([step]), np.full((1, len(METRIC_COLUMNS)), step, np.float32), float(step))


def sheet(step: int) -> SamplesDrawn:
    return SamplesDrawn(Sheet(Moment(0, step), np.zeros((8, 8, 1), np.uint8), 1, 1), recorded=True)


def test_that_commands_are_taken_once_and_in_order() -> None:
    control = TrainingControl()
    control.set_knob("learning_rate_g", 1e-3)
    control.sample_now()
    assert control.take() == (SetKnob("learning_rate_g", 1e-3), SampleNow())
    assert control.take() == ()


def test_that_asking_for_weights_twice_is_asking_once() -> None:
    control = TrainingControl()
    control.publish_weights()
    control.publish_weights()
    assert control.take() == (PublishWeights(),)


def test_that_a_waiting_trainer_is_woken_by_a_command() -> None:
    control = TrainingControl()
    control.pause()
    woken = threading.Event()

    def wait() -> None:
        control.wait(60)
        woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    control.sample_now()
    thread.join(30)
    assert woken.is_set()


def test_that_a_flood_leaves_one_wake_up_and_loses_no_metrics() -> None:
    mailbox = EventMailbox()
    wake_ups = 0
    for step in range(5_000):
        wake_ups += mailbox.put(metrics(step))
        wake_ups += mailbox.put(sheet(step))
    assert wake_ups == 1
    first, *others = mailbox.take()
    assert isinstance(first, MetricsLogged)
    assert np.array_equal(first.steps, np.arange(5_000))
    assert [event.sheet.moment.step for event in others if isinstance(event, SamplesDrawn)] == [4_999]
    assert mailbox.take() == []


def test_that_phases_keep_their_order_and_the_mailbox_wakes_again_after_it_was_emptied() -> None:
    mailbox = EventMailbox()
    assert mailbox.put(PhaseChanged(RunPhase.RUNNING))
    assert not mailbox.put(PhaseChanged(RunPhase.PAUSED))
    assert [event.phase for event in mailbox.take() if isinstance(event, PhaseChanged)] == ["running", "paused"]
    assert mailbox.put(PhaseChanged(RunPhase.RUNNING))
