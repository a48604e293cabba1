"""The list of devices, and torch's thread counts: each engine thread keeps the count that it set."""

import os
import platform
import threading
from types import SimpleNamespace

import pytest
import torch

from gan_studio.engine.machine.devices import find_devices, prepare_thread


def test_that_a_device_that_does_not_tell_its_name_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def properties_of(index: int) -> SimpleNamespace:
        if index == 0:
            raise RuntimeError("CUDA error: uncorrectable ECC error encountered")
        return SimpleNamespace(name="A GPU", total_memory=8 * 2**30)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", properties_of)
    found = [(device.name, device.title) for device in find_devices().devices]
    assert found[0] == ("cuda:1", "A GPU, 8.6\u202fGB")
    assert [name for name, _ in found[1:]] == ["cpu"]


def test_that_a_thread_keeps_its_count_when_another_sets_its_own_later() -> None:
    found: list[int] = []
    is_ready, go_on = threading.Event(), threading.Event()

    def sample() -> None:
        prepare_thread(1)
        is_ready.set()
        go_on.wait()
        torch.ones(100_000).add_(1)  # large enough to run on several threads
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


@pytest.mark.skipif(platform.system() != "Linux", reason="only there has a thread a niceness of its own")
def test_that_a_thread_yields_and_never_asks_for_more_than_it_has() -> None:
    found: list[int] = []
    before = os.getpriority(os.PRIO_PROCESS, 0)

    def train() -> None:
        for niceness in (before + 2, before + 1):
            prepare_thread(1, niceness)
            found.append(os.getpriority(os.PRIO_PROCESS, 0))

    trainer = threading.Thread(target=train)
    trainer.start()
    trainer.join()
    assert found == [before + 2, before + 2]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
