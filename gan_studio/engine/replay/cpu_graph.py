"""OperationGraph: recorded ATen operations as a graph for TorchScript's interpreter.

The graph is built by hand, because torch offers no other way to give its interpreter a list of operations:
`torch.jit.script` reads source text, and `torch.jit.trace` misses the backward pass. Some of the names are private to
torch: import this module where an ImportError is handled.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor
from torch._C import (
    FloatType,
    Graph,
    NoneType,
    OptionalType,
    TensorType,
    TupleType,
    _create_function_from_graph,
    _jit_pass_lint,
)
from torch.jit import optimized_execution  # type: ignore[attr-defined]
from torch.utils.weak import WeakTensorKeyDictionary

LAYOUTS = {torch.contiguous_format: 0, torch.preserve_format: 1, torch.channels_last: 2}
"""Numbers of c10::MemoryFormat: a graph has no constants of that kind."""

NO_SCHEMA = "(no schema)"
"""Schema of a node whose arguments match no operator; the interpreter would only notice at run time."""


class OperationGraph:
    """A list of operations in execution order.

    Args:
        lasting: tensors that outlive the operations and never move.
    """

    def __init__(self, lasting: Iterable[Tensor]) -> None:
        self._graph: Any = Graph()
        self._places = WeakTensorKeyDictionary()  # tensor to graph value; weak, so that used tensors are freed
        self._lasting = {tensor.untyped_storage().data_ptr() for tensor in lasting}
        self._inputs: list[Tensor] = []

    def write(self, operation: Any, args: Sequence[Any], kwargs: dict[str, Any], given: Any) -> None:
        """Add an operation.

        Args:
            operation: the OpOverload of ATen that was called.
            args, kwargs: its arguments.
            given: its result.

        Raises:
            ValueError: an argument is a tensor that neither lasts nor came from an earlier operation, or TorchScript
                has no such operator.
            RuntimeError: a graph cannot hold one of its arguments.
        """
        schema = operation._schema  # noqa: SLF001  (nothing else tells the kinds of its arguments)
        values = []
        for index, argument in enumerate(schema.arguments):
            default = argument.default_value if argument.has_default_value() else None
            is_by_place = index < len(args) and not argument.kwarg_only
            values.append(
                self._value(args[index] if is_by_place else kwargs.get(argument.name, default), argument.type)
            )
        node = self._append(schema.name, values, [result.type for result in schema.returns])
        if node.schema() == NO_SCHEMA:
            raise ValueError(f"TorchScript knows no {operation} of such arguments")
        outputs = list(node.outputs())
        for output, kept in zip(outputs, given if len(outputs) > 1 else (given,), strict=False):
            self._keep(output, kept)

    def close(self, results: Sequence[Tensor]) -> Callable[[], list[Tensor]]:
        """Finish the graph; returns a function that replays it and returns the new values of `results`."""
        values = [self._place(result) for result in results]
        joined = self._append("prim::TupleConstruct", values, [TupleType([TensorType.get()] * len(values))])
        self._graph.registerOutput(joined.output())
        _jit_pass_lint(self._graph)
        function = _create_function_from_graph("step", self._graph)
        inputs = tuple(self._inputs)
        with _unoptimised():  # fail now, not in the middle of a run, if torch lacks the name
            pass

        def again() -> list[Tensor]:
            with torch.no_grad(), _unoptimised():
                return list(function(*inputs))

        return again

    def _keep(self, output: Any, given: Any) -> None:
        """Map a result tensor, or each tensor of a list, to its graph value."""
        if isinstance(given, Tensor):
            self._places[given] = output
        elif isinstance(given, list | tuple):
            parts = self._append("prim::ListUnpack", [output], [TensorType.get()] * len(given))
            for part, tensor in zip(parts.outputs(), given, strict=True):
                self._places[tensor] = part

    def _append(self, name: str, values: Sequence[Any], kinds: Sequence[Any]) -> Any:
        """Append a node with outputs of these types, and return it."""
        node = self._graph.create(name, list(values), len(kinds))
        self._graph.appendNode(node)
        for output, kind in zip(node.outputs(), kinds, strict=True):
            output.setType(kind)
        return node

    def _value(self, given: Any, kind: Any) -> Any:
        """Return the graph value of an argument."""
        if isinstance(given, Tensor):
            return self._place(given)
        if given is None:
            return self._append("prim::Constant", [], [NoneType.get()]).output()
        while isinstance(kind, OptionalType):
            kind = kind.getElementType()
        if isinstance(given, list | tuple):
            return self._list(list(given), kind)
        if isinstance(kind, FloatType):
            given = float(given)
        return self._graph.insertConstant(LAYOUTS[given] if isinstance(given, torch.memory_format) else given)

    def _list(self, given: list[Any], kind: Any) -> Any:
        element = kind.getElementType()
        if not given or any(item is None or isinstance(item, Tensor) for item in given):
            return self._append("prim::ListConstruct", [self._value(item, element) for item in given], [kind]).output()
        is_real = isinstance(element, FloatType)
        return self._graph.insertConstant([float(item) for item in given] if is_real else given)

    def _place(self, tensor: Tensor) -> Any:
        """Return the graph value of a tensor; a lasting tensor becomes an input at its first use."""
        if tensor not in self._places:
            if tensor.untyped_storage().data_ptr() not in self._lasting:
                raise ValueError(f"a tensor {tuple(tensor.shape)} comes from nowhere")  # a later step has another
            self._inputs.append(tensor.detach())
            self._places[tensor] = self._graph.addInput()
        return self._places[tensor]


def _unoptimised() -> AbstractContextManager[None]:
    """Make this thread's interpreter do the operations as recorded, without fusing or dropping any."""
    context: AbstractContextManager[None] = optimized_execution(should_optimize=False)
    return context
