"""Precision: what a run asks for, what it gets on a CPU, and that records of earlier programs are read."""

from types import SimpleNamespace

import pytest
import torch
from pydantic import ValidationError

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.machine import devices, training_device
from gan_studio.engine.machine.decision import decide_execution
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.machine.to_device import copy_into, to_device
from gan_studio.engine.machine.training_device import arithmetic, own_stream

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("asked", "given"), [("auto", "float32"), ("float32", "float32"), ("tf32", "float32"), ("bfloat16", "bfloat16")]
)
def test_that_a_cpu_says_what_it_computes_in(asked: str, given: str) -> None:
    assert decide_execution(with_values(RunConfig(), {"device": "cpu", "precision": asked})).precision == given


def test_that_no_other_precision_is_taken() -> None:
    with pytest.raises(ValidationError):
        with_values(RunConfig(), {"precision": "float16"})


@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_that_a_stored_execution_is_read_again(precision: str) -> None:
    facts = {"device": "cuda:0", "hardware": "a GPU", "threads": 2, "precision": precision, "torch_version": "2.14"}
    assert Execution.from_facts(facts).precision == precision


def test_that_a_cpu_is_left_as_it_is() -> None:
    matmul = torch.backends.cuda.matmul
    before = matmul.fp32_precision
    with own_stream(CPU), arithmetic(CPU, "tf32"):
        assert matmul.fp32_precision == before


def test_that_a_cuda_device_multiplies_as_asked_and_torch_is_given_back_its_settings() -> None:
    """The settings exist without a device, too."""
    matmul, conv = torch.backends.cuda.matmul, torch.backends.cudnn.conv  # type: ignore[attr-defined]
    before = (matmul.fp32_precision, conv.fp32_precision)
    for precision, wanted in (("tf32", "tf32"), ("float32", "ieee"), ("bfloat16", "ieee")):
        with arithmetic(torch.device("cuda:0"), precision):
            assert (matmul.fp32_precision, conv.fp32_precision) == (wanted, wanted)
        assert (matmul.fp32_precision, conv.fp32_precision) == before
    with pytest.raises(KeyError), arithmetic(torch.device("cuda:0"), "tf32"):
        raise KeyError
    assert (matmul.fp32_precision, conv.fp32_precision) == before


def test_that_runs_one_after_another_share_a_stream_and_runs_side_by_side_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stand-ins for streams: libraries keep memory for each that ever was."""
    made, cuda = [], torch.device("cuda:0")

    def make(_: torch.device) -> SimpleNamespace:
        made.append(SimpleNamespace(wait_stream=lambda other: None))
        return made[-1]

    current = [make(cuda)]
    monkeypatch.setattr(training_device, "_unused_streams", {})
    monkeypatch.setattr(devices, "has_cuda", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: current[-1])
    monkeypatch.setattr(torch.cuda, "Stream", make)
    monkeypatch.setattr(torch.cuda, "set_stream", current.append)
    used = []
    for _ in range(2):
        with own_stream(cuda):
            used.append(current[-1])
            with own_stream(cuda):
                used.append(current[-1])
    assert current[-1] is made[0]
    assert used == [made[1], made[2], made[1], made[2]]


def test_that_nothing_is_copied_where_the_cpu_trains() -> None:
    numbers, buffer = torch.arange(3.0), torch.zeros(3)
    assert to_device(numbers, CPU) is numbers
    place = buffer.data_ptr()
    copy_into(buffer, numbers)
    assert torch.equal(buffer, numbers)
    assert buffer.data_ptr() == place
