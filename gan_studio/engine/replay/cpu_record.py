"""Record the operations of a step on the CPU, and replay them without Python.

A step of a small network has a few hundred operations. Between them, Python, autograd and the modules take a tenth
of the time or more, and the window waits for the interpreter's lock meanwhile. A record holds the operations below
autograd and autocast, with backward passes and updates, in their order. Replayed on the same tensors, they give the
same results, bit for bit.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from gan_studio.engine.replay.cpu_graph import OperationGraph

Work = Callable[[], list[Tensor]]
"""A function that changes tensors in place and returns some."""

GRAPH_FAULTS = (AttributeError, KeyError, RuntimeError, TypeError, ValueError)
"""What building a graph may raise for an operation it cannot hold: in another version of torch, for any operation."""

FORBIDDEN = {
    torch.Tag.nondeterministic_seeded: "draws random numbers",
    torch.Tag.data_dependent_output: "is waited for",
    torch.Tag.dynamic_output_shape: "is waited for",
}
"""Operations whose replay would differ, or whose result Python reads."""


class NotCapturedError(RuntimeError):
    """Work cannot be captured.

    Attributes:
        results: the results if the work was done anyway; None: nothing was done.
    """

    def __init__(self, reason: object, results: list[Tensor] | None = None) -> None:
        super().__init__(str(reason).partition("\n")[0][:200])
        self.results = results


class ShortOfMemoryError(NotCapturedError):
    """The device has too little memory to capture work; nothing was done."""


class Captured(NamedTuple):
    """Work that was done once and captured.

    Attributes:
        results: its results.
        again: replays it on the same tensors.
    """

    results: list[Tensor]
    again: Work


def record(work: Work, lasting: Iterable[Tensor], parameters: Sequence[nn.Parameter]) -> Captured:
    """Do work and record it.

    Args:
        work: must do the same operations every time: no random numbers, no decision by a tensor's values. An operation
            that breaks this is refused. `tolist` and `numpy` are not operations, so they go unnoticed.
        lasting: every tensor that the work reads but does not create.
        parameters: their gradients are results too; a replay sets them.

    Raises:
        NotCapturedError: it cannot be recorded.
    """
    try:
        from gan_studio.engine.replay.cpu_graph import OperationGraph  # needs private names of torch, which may vanish

        recording = _Recording(OperationGraph(lasting))
    except (ImportError, *GRAPH_FAULTS) as error:
        raise NotCapturedError(error) from error
    with recording:
        results = work()
    learned = [(parameter, parameter.grad) for parameter in parameters if parameter.grad is not None]
    try:
        replay = recording.close([*results, *(gradient for _, gradient in learned)])
    except GRAPH_FAULTS as error:
        raise NotCapturedError(error, results) from error
    count, with_gradient = len(results), [parameter for parameter, _ in learned]

    def again() -> list[Tensor]:
        for parameter in with_gradient:
            parameter.grad = None  # freed before new ones are allocated, as in a plain step
        given = replay()
        for parameter, gradient in zip(with_gradient, given[count:], strict=True):
            parameter.grad = gradient
        return given[:count]

    return Captured(results, again)


class _Recording(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Records every operation inside its context, until one cannot be recorded."""

    def __init__(self, graph: "OperationGraph") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._graph = graph
        self._fault: Exception | None = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Keep torch from loading its compiler for this mode; the compiler is never used here."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do an operation, then record it."""
        given = func(*args, **(kwargs or {}))
        if self._fault is None:
            try:
                _refuse_forbidden(func, args)
                self._graph.write(func, args, kwargs or {}, given)
            except GRAPH_FAULTS as error:
                self._fault = error.with_traceback(None)  # its frames would keep the tensors of the step alive
        return given

    def close(self, results: Sequence[Tensor]) -> Work:
        """Return the replay; raises the error that ended the recording."""
        if self._fault is not None:
            raise self._fault
        return self._graph.close(results)


def _refuse_forbidden(operation: Any, args: tuple[Any, ...]) -> None:
    if operation is torch.ops.aten.index.Tensor and not any(_is_mask(indices) for indices in args[1]):
        return  # only masks make its shape depend on data
    for tag, fault in FORBIDDEN.items():
        if tag in operation.tags:
            raise ValueError(f"{operation} {fault}")


def _is_mask(indices: Tensor | None) -> bool:
    return indices is not None and indices.dtype in (torch.bool, torch.uint8)
