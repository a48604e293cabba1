"""A record of operations: what it does again, what it refuses, and what it lets go of."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, record
from gan_studio.engine.step.adam import Adam
from gan_studio.engine.step.soundness import Soundness

STATE = [1.0, 2.0, 3.0]


@pytest.fixture
def state() -> Tensor:
    """Make a tensor that outlives the work."""
    return torch.tensor(STATE)


def recorded(work: Callable[[], list[Tensor]], *lasting: Tensor) -> Captured:
    return record(work, lasting, [])


def test_that_it_is_done_once_while_it_is_recorded_and_again_at_each_call(state: Tensor) -> None:
    captured = recorded(lambda: [state.mul_(2).sum()], state)
    assert state.tolist() == [2.0, 4.0, 6.0]
    assert captured.results[0].item() == 12.0
    assert [captured.again()[0].item() for _ in range(2)] == [24.0, 48.0]
    assert state.tolist() == [8.0, 16.0, 24.0]


def test_that_it_reads_what_lies_in_a_tensor_then(state: Tensor) -> None:
    captured = recorded(lambda: [state + 1], state)
    state.fill_(10)
    assert captured.again()[0].tolist() == [11.0, 11.0, 11.0]
    assert captured.results[0].tolist() == [2.0, 3.0, 4.0]


def test_that_a_view_of_what_lasts_is_known_by_its_memory(state: Tensor) -> None:
    part = state[1:]
    captured = recorded(lambda: [part.add_(1).clone()], state)
    assert captured.again()[0].tolist() == [4.0, 5.0]
    assert state.tolist() == [1.0, 4.0, 5.0]


def test_that_gradients_are_left_behind_again() -> None:
    layer, given = nn.Linear(3, 1), torch.ones(2, 3)

    def learn() -> list[Tensor]:
        layer.zero_grad(set_to_none=True)
        loss = layer(given).square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return [loss.detach()]

    captured = record(learn, [*layer.parameters(), given], list(layer.parameters()))
    with torch.no_grad():
        layer.weight.mul_(3)
    captured.again()
    mine = [parameter.grad for parameter in layer.parameters()]
    learn()
    for ours, parameter in zip(mine, layer.parameters(), strict=True):
        assert ours is not None
        assert parameter.grad is not None
        assert torch.equal(ours, parameter.grad)


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (lambda state: [state + torch.rand(3)], "draws random numbers"),
        (lambda state: [state * state.sum().item()], "is waited for"),
        (lambda state: [state + 1] if state.any() else [], "is waited for"),
        (lambda state: [state / len(state[state > 1.5])], "is waited for"),
        (lambda state: [state / len(state.nonzero())], "is waited for"),
        (lambda state: [state + torch.tensor(STATE)], "from nowhere"),
        (lambda state: [state + torch.from_numpy(state.numpy().copy())], "from nowhere"),
    ],
)
def test_that_what_would_not_mean_the_same_again_is_done_once_and_refused(
    state: Tensor, work: Callable[[Tensor], list[Tensor]], reason: str
) -> None:
    with pytest.raises(NotCapturedError, match=reason) as refused:
        recorded(lambda: work(state), state)
    assert refused.value.results is not None
    assert refused.value.results[0].shape == (3,)


def test_that_a_tensor_of_the_work_is_let_go_while_it_is_recorded(state: Tensor) -> None:
    """Or a recorded step would need the memory of all that it ever makes."""
    kept: list[int] = []

    def work() -> list[Tensor]:
        large = state.repeat(1000)
        watched = StorageWeakRef(large.untyped_storage())
        total = large.sum()
        del large
        kept.append(int(not watched.expired()))
        return [total]

    recorded(work, state)
    assert kept == [0]


def test_that_an_operation_that_torchscript_does_not_know_is_refused_before_a_run_relies_on_it(state: Tensor) -> None:
    def work() -> list[Tensor]:
        torch._foreach_mul_([state], [2.0])
        return [state.clone()]

    with pytest.raises(NotCapturedError, match="TorchScript knows no aten") as refused:
        recorded(work, state)
    assert refused.value.results is not None
    assert state.tolist() == [2.0, 4.0, 6.0]


def test_that_a_fault_keeps_no_tensor_of_the_work_alive(state: Tensor) -> None:
    watched: list[StorageWeakRef] = []

    def work() -> list[Tensor]:
        large = state + torch.tensor(STATE)
        watched.append(StorageWeakRef(large.untyped_storage()))
        return [large.sum()]

    try:
        recorded(work, state)
    except NotCapturedError as error:
        told = str(error)
    assert "from nowhere" in told
    assert watched[0].expired()


@pytest.mark.parametrize("name", ["_create_function_from_graph", "Graph"])
def test_that_a_torch_without_what_it_needs_leaves_the_work_to_be_done_plainly(
    state: Tensor, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delitem(sys.modules, "gan_studio.engine.replay.cpu_graph", raising=False)
    monkeypatch.delattr(f"torch._C.{name}")
    with pytest.raises(NotCapturedError, match=name) as refused:
        recorded(lambda: [state.mul_(2)], state)
    assert refused.value.results is None
    assert state.tolist() == STATE


def test_that_a_torch_without_the_switch_of_its_optimiser_is_noticed_while_the_step_is_recorded(
    state: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("torch._C._set_graph_executor_optimize")
    with pytest.raises(NotCapturedError, match="_set_graph_executor_optimize") as refused:
        recorded(lambda: [state.mul_(2)], state)
    assert refused.value.results is not None
    assert state.tolist() == [2.0, 4.0, 6.0]


def test_that_old_gradients_are_let_go_of_before_new_ones_are_made() -> None:
    layer, given, kept = nn.Linear(3, 1), torch.ones(2, 3), list[bool]()

    def learn() -> list[Tensor]:
        layer.zero_grad(set_to_none=True)
        layer(given).sum().backward()
        return []

    captured = record(learn, [*layer.parameters(), given], list(layer.parameters()))
    assert layer.weight.grad is not None
    old = StorageWeakRef(layer.weight.grad.untyped_storage())

    class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kept.append(not old.expired())
            return func(*args, **(kwargs or {}))

    with Watch():  # type: ignore[no-untyped-call]
        captured.again()
    assert kept
    assert not any(kept)


def test_that_a_broken_flag_is_seen_by_what_is_done_again() -> None:
    """The guard against NaN decides on the device: a record holds no branch of Python's."""
    norm = nn.BatchNorm2d(1)
    optimizer = Adam(norm, 1e-3, (0.5, 0.999))
    soundness, loss = Soundness(norm, norm), torch.zeros(())
    batch = torch.ones(2, 1, 1, 1)

    def work() -> list[Tensor]:
        soundness.begin_step()
        norm(batch)
        soundness.admit(optimizer, loss, loss)
        soundness.end_step()
        return []

    captured = record(work, [*norm.parameters(), *norm.buffers(), *soundness.tensors, loss, batch], [])
    before = [buffer.clone() for buffer in norm.buffers() if buffer.is_floating_point()]
    loss.fill_(float("nan"))
    captured.again()
    after = [buffer for buffer in norm.buffers() if buffer.is_floating_point()]
    assert all(torch.equal(old, new) for old, new in zip(before, after, strict=True))
