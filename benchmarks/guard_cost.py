"""What it costs that neither weights nor statistics ever hold NaN: steps with and without the guard, in turn.

`python -m benchmarks.guard_cost [--widths 24 64] [--batch 64] [--pairs 40] [--threads 1] [--json]`

Both start from the same weights and see the same batches, and compute the same bits. Time is told as in step_profile.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.optim import Adam

from benchmarks.step_profile import PICTURES, clock_of, seconds_of
from gan_studio.bench.paired import in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup
from gan_studio.engine.devices import environment, prepare_thread
from gan_studio.engine.soundness import Soundness

CPU = torch.device("cpu")


class Unguarded(Soundness):
    """Does in a step nothing of what the guard does (soundness.py)."""

    def begin_step(self) -> None:
        """Keep no statistics."""

    def admit(self, optimizer: Adam, loss: Tensor, norm: Tensor) -> None:
        """Let every update happen."""

    def end_step(self, *, may_look: bool) -> None:
        """Put nothing back."""


@dataclass(frozen=True)
class GuardCost:
    """What the guard costs at one set-up.

    Attributes:
        setup: sizes.
        ratio: time of a step with the guard over one without: (lower quartile, median, upper quartile).
    """

    setup: str
    ratio: tuple[float, float, float]

    def line(self) -> str:
        """Put it on a line of the table."""
        low, middle, high = self.ratio
        return f"{self.setup:28} {middle:6.3f} ({low:.3f} to {high:.3f})"


def step_of(setup: Setup, feed: Feed, *, guarded: bool) -> OurStep:
    """Build the engine's step, with or without the guard."""
    step = OurStep(setup.config, feed, CPU)
    if not guarded:
        step.state.soundness = Unguarded(step.state.generator, step.state.discriminator)
    return step


def measure(setup: Setup, pairs: int, clock: Callable[[], float]) -> GuardCost:
    """Let steps with and without the guard take turns."""

    def turn_of(*, guarded: bool) -> Callable[[], float]:
        feed = Feed(setup.config, CPU)
        step = step_of(setup, feed, guarded=guarded)
        return lambda: seconds_of(step, feed, clock)

    return GuardCost(str(setup), in_turn(turn_of(guarded=False), turn_of(guarded=True), pairs).ratios)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--widths", type=int, nargs="+", default=[24, 64])
    parser.add_argument("--batch", type=int, default=64, help="pictures a step (default 64)")
    parser.add_argument("--pairs", type=int, default=40, help="steps of each that count (default 40)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of a step (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    prepare_thread(options.threads)
    setups = [Setup(*pictures, width, options.batch) for pictures in PICTURES for width in options.widths]
    costs = [measure(setup, options.pairs, clock_of(options.threads)) for setup in setups]
    if options.json:
        rows = [asdict(cost) for cost in costs]
        print(json.dumps({"machine": environment(), "threads": options.threads, "results": rows}, indent=2))
    else:
        print("time of a step with the guard over one without: median (quartiles)")
        print(*(cost.line() for cost in costs), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
