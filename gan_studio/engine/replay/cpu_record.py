"""Recording: the operations of a step on the CPU, written down while they are done, and done again without Python.

A step of a small network is some hundreds of operations, and what Python, autograd and the modules take between them is
a tenth of it and more; all that while the window waits for the interpreter's lock. A record holds the operations below
autograd and autocast, backward passes and updates included, one after another as they were: done again on the same
tensors, they give the same results, bit for bit.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from gan_studio.engine.replay.cpu_graph import OperationGraph

Work = Callable[[], list[Tensor]]
"""Changes tensors in place, and gives some."""

GRAPH_FAULTS = (AttributeError, KeyError, RuntimeError, TypeError, ValueError)
"""What a graph may answer to an operation that it cannot hold, or in another version of torch to any."""

FORBIDDEN = {
    torch.Tag.nondeterministic_seeded: "draws random numbers",
    torch.Tag.data_dependent_output: "is waited for",
    torch.Tag.dynamic_output_shape: "is waited for",
}
"""Operations that do not mean the same when they are done again, or whose shapes Python knows."""


class NotCapturedError(RuntimeError):
    """Work cannot be done again.

    Attributes:
        results: what it gave where it was done all the same; None where nothing was done.
    """

    def __init__(self, reason: object, results: list[Tensor] | None = None) -> None:
        super().__init__(str(reason).partition("\n")[0][:200])
        self.results = results


class ShortOfMemoryError(NotCapturedError):
    """The device has too little memory left to hold work; nothing was done."""


class Captured(NamedTuple):
    """Work that was done once.

    Attributes:
        results: what it gave.
        again: does it again, with what lies in the same tensors then.
    """

    results: list[Tensor]
    again: Work


def record(work: Work, lasting: Iterable[Tensor], parameters: Sequence[nn.Parameter]) -> Captured:
    """Do work and write it down.

    Args:
        work: the same operations whenever it is done; it draws no random numbers, and looks at no tensor's numbers.
            What of that goes through an operation is refused; `tolist` and `numpy` do not, and would not be noticed.
        lasting: every tensor that it reads and does not make itself.
        parameters: whose gradients it leaves behind; doing it again leaves them too.

    Raises:
        NotCapturedError: it cannot be written down.
    """
    try:
        from gan_studio.engine.replay.cpu_graph import OperationGraph  # torch may have let go of a name that it needs

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
            parameter.grad = None  # let go of before the new ones are made, as a plain step does
        given = replay()
        for parameter, gradient in zip(with_gradient, given[count:], strict=True):
            parameter.grad = gradient
        return given[:count]

    return Captured(results, again)


class _Recording(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Writes down every operation that is done inside, until one cannot be."""

    def __init__(self, graph: "OperationGraph") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._graph = graph
        self._fault: Exception | None = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Tell torch that its compiler, which is never used here, needs no telling: it would be loaded for that."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Do an operation, then write it down."""
        given = func(*args, **(kwargs or {}))
        if self._fault is None:
            try:
                _refuse_forbidden(func, args)
                self._graph.write(func, args, kwargs or {}, given)
            except GRAPH_FAULTS as error:
                self._fault = error.with_traceback(None)  # whose frames hold the tensors of the step
        return given

    def close(self, results: Sequence[Tensor]) -> Work:
        """Return what does all of it again; raises what kept an operation from being written down."""
        if self._fault is not None:
            raise self._fault
        return self._graph.close(results)


def _refuse_forbidden(operation: Any, args: tuple[Any, ...]) -> None:
    if operation is torch.ops.aten.index.Tensor and not any(_is_mask(indices) for indices in args[1]):
        return  # tagged for the sake of masks
    for tag, fault in FORBIDDEN.items():
        if tag in operation.tags:
            raise ValueError(f"{operation} {fault}")


def _is_mask(indices: Tensor | None) -> bool:
    return indices is not None and indices.dtype in (torch.bool, torch.uint8)
