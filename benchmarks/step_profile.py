"""Show where the time of a step on the CPU goes, by kind of operation.

`python -m benchmarks.step_profile [--widths 24 32 64] [--batch 64] [--steps 8] [--threads 1]
[--precision bfloat16] [--json]`

Captured steps, as a run does them, take turns with watched ones. In a watched step a TorchDispatchMode times each
operation below autograd, and computes a convolution's two gradients one after the other, which torch.profiler can only
show as one. The time of an unwatched step beyond the sum of its operations is Python, autograd and dispatch. In a
captured step that is next to nothing, and the cost of watching can bring it below 0. On one thread, time is the
processor time of that thread, which other programs hardly change. On several threads it is wall-clock time, which needs
an idle machine.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from gan_studio.bench.paired import in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup
from gan_studio.engine.machine.devices import environment, prepare_thread

PICTURES = ((32, 1), (32, 3), (64, 3))
"""Side and channels of the pictures."""

CPU = torch.device("cpu")
FEW_CHANNELS = 3
OVERHEAD = "Python, autograd, dispatch"
OPERATIONS: dict[str, tuple[str, ...]] = {
    "outer layers": ("mm", "mv", "addmm", "addmv", "pixel_shuffle", "pixel_unshuffle", "constant_pad_nd"),
    "batch norm": ("native_batch_norm",),
    "batch norm, backward": ("native_batch_norm_backward",),
    "activations": ("leaky_relu_", "relu_", "tanh"),
    "activations, backward": ("leaky_relu_backward", "threshold_backward", "tanh_backward"),
    "Adam": ("_fused_adam_",),
    "average of G": ("_foreach_lerp_",),
    "norms of gradients": ("_foreach_norm", "linalg_vector_norm"),
    "copies between layouts, casts": ("clone", "copy_", "_to_copy", "_foreach_copy_"),
}
"""Kinds of work and their ATen operations in a step of these set-ups; convolutions are sorted by their kernel."""

KINDS = {name: kind for kind, names in OPERATIONS.items() for name in names}
REST = "losses, metrics, guard, views"


class OperationWatch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Times every ATen operation while it is active.

    Attributes:
        seconds: time of all operations, by kind.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._clock = clock
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an operation and add its time to its kind."""
        name = func.overloadpacket.__name__
        if name == "convolution_backward":
            return self._both_gradients(func, args)
        return self._timed(_kind(name, args), func, args, kwargs or {})

    def _both_gradients(self, func: Any, args: tuple[Any, ...]) -> tuple[Tensor | None, ...]:
        """Compute each gradient of a convolution separately."""
        *given, mask = args
        found: list[Tensor | None] = [None, None, None]
        for index, what in enumerate(("gradient of the input", "gradient of the weights", "gradient of the bias")):
            if mask[index]:
                alone = [position == index for position in range(3)]
                kind = f"middle convolutions, {what}" if _is_middle(args[2]) else "outer layers"
                found[index] = self._timed(kind, func, (*given, alone), {})[index]
        return tuple(found)

    def _timed(self, kind: str, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        begun = self._clock()
        result = func(*args, **kwargs)
        self.seconds[kind] += self._clock() - begun
        return result


def _kind(name: str, args: tuple[Any, ...]) -> str:
    if name == "convolution":
        return "middle convolutions, forward" if _is_middle(args[1]) else "outer layers"
    if name in ("add", "add_") and isinstance(args[0], Tensor) and args[0].dim() == 4:
        return "sum of D's two gradients"
    return KINDS.get(name, REST)


def _is_middle(kernel: Tensor) -> bool:
    """Whether a kernel is 4x4 between two maps, not one that meets a picture, whole or in blocks of 2x2 pixels."""
    return kernel.shape[2] == 4 and min(kernel.shape[:2]) > FEW_CHANNELS


@dataclass(frozen=True)
class Profile:
    """Where a step's time went.

    Attributes:
        setup: sizes of pictures, network and batch.
        milliseconds: median time of an unwatched step.
        shares: share of each kind in an unwatched step, largest first; they sum to 1.
    """

    setup: str
    milliseconds: float
    shares: dict[str, float]


def profile(setup: Setup, steps: int, clock: Callable[[], float], precision: str = "float32") -> Profile:
    """Profile steps of the engine at a set-up."""
    feed = Feed(setup.config, CPU)
    step = OurStep(setup.config, feed, CPU, precision)
    watched: list[dict[str, float]] = []

    def plain() -> float:
        return seconds_of(step, feed, clock)

    def with_watch() -> float:
        watch = OperationWatch(clock)
        with watch:
            seconds = seconds_of(step, feed, clock)
        watched.append(dict(watch.seconds))
        return seconds

    pairs = in_turn(plain, with_watch, steps)
    kinds = {kind for seconds in watched for kind in seconds}
    medians = {kind: statistics.median(seconds.get(kind, 0.0) for seconds in watched[-steps:]) for kind in kinds}
    medians[OVERHEAD] = pairs.our_seconds - sum(medians.values())
    shares = {kind: seconds / pairs.our_seconds for kind, seconds in medians.items()}
    in_order = dict(sorted(shares.items(), key=lambda item: -item[1]))
    return Profile(str(setup), pairs.our_seconds * 1e3, in_order)


def seconds_of(step: OurStep, feed: Feed, clock: Callable[[], float]) -> float:
    """Do a step on the feed's next batch; returns its seconds on the clock."""
    images, z = feed.next()
    begun = clock()
    step.learn(images, z)
    return clock() - begun


def table(profiles: Sequence[Profile]) -> str:
    """Return a table of profiles side by side: a row for each kind, shares in percent."""
    titles = [found.setup.rpartition(" batch")[0].replace("width ", "w") for found in profiles]
    kinds = sorted({kind for found in profiles for kind in found.shares}, key=lambda kind: -_most(profiles, kind))
    lines = ["".join([f"{'share of a step, %':46}", *(f"{title:>13}" for title in titles)])]
    lines.append("".join([f"{'ms':46}", *(f"{found.milliseconds:13.1f}" for found in profiles)]))
    for kind in kinds:
        lines.append("".join([f"{kind:46}", *(f"{100 * found.shares.get(kind, 0.0):13.1f}" for found in profiles)]))
    return "\n".join(lines)


def _most(profiles: Sequence[Profile], kind: str) -> float:
    return max(found.shares.get(kind, 0.0) for found in profiles)


def clock_of(threads: int) -> Callable[[], float]:
    """Choose a clock in seconds: processor time of this thread, or wall-clock time for several threads."""
    return time.thread_time if threads == 1 else time.perf_counter


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--widths", type=int, nargs="+", default=[24, 32, 64])
    parser.add_argument("--batch", type=int, default=64, help="pictures a step (default 64)")
    parser.add_argument("--steps", type=int, default=8, help="measured steps, unwatched and watched (default 8)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of a step (default 1)")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    prepare_thread(options.threads)
    setups = [Setup(*pictures, width, options.batch) for pictures in PICTURES for width in options.widths]
    profiles = [profile(setup, options.steps, clock_of(options.threads), options.precision) for setup in setups]
    if options.json:
        rows = [asdict(found) for found in profiles]
        print(json.dumps({"machine": environment(), **vars(options), "results": rows}, indent=2))
    else:
        print(table(profiles))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
