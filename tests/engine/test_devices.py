"""Threads of torch: each engine thread keeps the count that it was given."""

import threading

import torch

from gan_studio.engine.devices import prepare_thread


def test_that_a_thread_keeps_its_count_when_another_sets_its_own_later() -> None:
    found: list[int] = []
    is_ready, go_on = threading.Event(), threading.Event()

    def sample() -> None:
        prepare_thread(1)
        is_ready.set()
        go_on.wait()
        torch.ones(100_000).add_(1)  # parallel, where there is more than one thread to do it
        found.append(torch.get_num_threads())

    def train() -> None:
        prepare_thread(2)
        found.append(torch.get_num_threads())

    sampler, trainer = threading.Thread(target=sample), threading.Thread(target=train)
    sampler.start()
    is_ready.wait()
    trainer.start()
    trainer.join()
    go_on.set()
    sampler.join()
    assert found == [2, 1]
