"""A CUDA graph in miniature, on the CPU: work written down by its operations, and done again on the same tensors."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_unflatten

ASKS_THE_HOST = ("_local_scalar_dense", "is_nonzero", "nonzero", "equal", "item", "masked_select", "unique", "_to_cpu")
"""Operations whose result the host must know before it can go on, so that it waits for the device."""
DRAWS = ("rand", "randn", "normal_", "uniform_", "bernoulli", "bernoulli_", "native_dropout", "randint", "randperm")
"""Operations that are random by themselves."""


class StepRecord(TorchDispatchMode):
    """Write down every ATen operation that is done inside, with the very tensors that it took and gave.

    As a CUDA graph, `replay` calls no Python of what was written down: numbers are those of the time, and tensors are
    read and overwritten where they lay.
    """

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []

    @property
    def names(self) -> set[str]:
        """Names of all operations, such as "convolution"."""
        return {function.overloadpacket.__name__ for function, *_ in self._operations}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do one operation and write it down; the lists in its arguments may be changed afterwards."""
        given = func(*args, **(kwargs or {}))
        flat, form = tree_flatten((args, kwargs or {}))
        kept_args, kept_kwargs = tree_unflatten(flat, form)
        self._operations.append((func, kept_args, kept_kwargs, given))
        return given

    def replay(self) -> None:
        """Do all of it again: what an operation gave is given again in the same place."""
        with torch.no_grad():
            for function, args, kwargs, given in self._operations:
                again = tree_flatten(function(*args, **kwargs))[0]
                for old, new in zip(tree_flatten(given)[0], again, strict=True):
                    if isinstance(old, Tensor) and old.data_ptr() != new.data_ptr():
                        old.copy_(new)


def capture_anew(tensors: Iterable[Tensor]) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Return what captures work, each time into another record; `tensors` as in capture_into."""
    kept = list(tensors)
    return lambda work: capture_into(StepRecord(), kept)(work)


def capture_into(record: StepRecord, tensors: Iterable[Tensor]) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Return what captures work as CapturedStep wants it: as if it had not been done, for all that `tensors` say.

    Args:
        record: empty, which then holds the work.
        tensors: everything that the work changes and that outlives it.
    """

    def capture(work: Callable[[], None]) -> Callable[[], None]:
        before = [(tensor, tensor.detach().clone()) for tensor in tensors]
        with record:
            work()
        with torch.no_grad():
            for tensor, value in before:
                tensor.copy_(value)
        return record.replay

    return capture
