"""Measure the training step on the CPU against the published loop and against this machine's matrix product.

`gan-studio bench [--quick] [--json] [--pairs N] [--batch N ...]`

Before timing, one step of each loop from the same weights must agree to 1e-4 in every loss, weight and statistic.
Then both loops take turns on the same pictures and the same z, twice. First in one process, where they share all
settings of torch. Then in two processes, where ours is set up as in a run and the published loop as its authors left
it. Both times denormal numbers are flushed and the published loop has its best thread count. A ratio above 1 means
that ours is faster. On a CPU with instructions for bfloat16, a third pair of processes measures our step in bfloat16.

The share is the rate of the operations that `steps.step_operations` counts (only convolutions, both networks, forward
and backward), divided by the best rate of a float32 matrix product on the same threads in the same run. Two libraries
compute that product: torch's `mm` (MKL) and a 1x1 convolution (oneDNN).
"""

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch

from gan_studio.bench.matrix_product import matrix_product_rate
from gan_studio.bench.paired import Pairs, best_threads, in_turn
from gan_studio.bench.step_process import StepProcess
from gan_studio.bench.steps import Feed, OurStep, Setup, StockStep, disagreement, step_operations
from gan_studio.engine.machine.cores import usable_cores
from gan_studio.engine.machine.devices import bfloat16_instructions, environment, prepare_thread, step_threads

SIZES = ((32, 1, 24), (32, 1, 32), (32, 1, 64), (32, 3, 32), (32, 3, 64), (64, 3, 32), (64, 3, 64))
"""Picture size, channels and width: a narrow network, then each kind of picture at two widths."""

QUICK_SIZES = (SIZES[0], SIZES[2])
TOLERANCE = 1e-4
BUDGET = 1.3
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Result:
    """Measurements of one set-up.

    Attributes:
        setup: its sizes as text.
        ratio: median of seconds of the published loop over seconds of ours, in two processes.
        operations: floating-point operations of a step, see steps.step_operations.
        disagreement: largest difference between the loops after one step, see steps.disagreement.
        stock_threads: best thread count of the published loop.
        together, apart: (lower quartile, median, upper quartile) of the ratio in one process and in two.
        images_per_second: speed of our loop in its own process.
        share: rate of our operations over the rate of the matrix product, 0 to 1.
        bfloat16: like `apart`, for our step in bfloat16; None: the CPU has no instructions for it.
    """

    setup: str
    ratio: float
    operations: float
    disagreement: float
    stock_threads: int
    together: tuple[float, float, float]
    apart: tuple[float, float, float]
    images_per_second: float
    share: float
    bfloat16: tuple[float, float, float] | None

    def line(self) -> str:
        """Return the row of the table."""
        measured = (self.together, self.apart, self.bfloat16)
        ratios = ["    -" if row is None else f"{row[1]:5.2f} ({row[0]:.2f} to {row[2]:.2f})" for row in measured]
        figures = f"{self.operations / 1e9:9.2f} {self.images_per_second:7.0f} {self.share:6.0%}"
        return f"{self.setup:28} {ratios[0]:22} {ratios[1]:22} {ratios[2]:22} {figures}"


def setups_of(batches: Sequence[int], *, quick: bool = False) -> tuple[Setup, ...]:
    """List the set-ups to measure at each of these batch sizes; quick takes two instead of all."""
    return tuple(Setup(*sizes, batch) for sizes in (QUICK_SIZES if quick else SIZES) for batch in batches)


def measure(setup: Setup, pairs: int, cores: int, product_rate: float) -> Result:
    """Measure one set-up.

    Raises:
        ArithmeticError: one step of the two loops differs by more than TOLERANCE.
    """
    config = setup.config
    difference = disagreement(config, CPU)
    if difference > TOLERANCE:
        raise ArithmeticError(f"{setup}: the two loops differ by {difference:.2g} after one step")
    together, threads = _in_one_process(setup, pairs, cores)
    gc.collect()
    apart = _in_two_processes(setup, pairs, cores)
    bfloat16 = _in_two_processes(setup, pairs, cores, "bfloat16") if bfloat16_instructions() else None
    operations = step_operations(config)
    return Result(
        str(setup),
        apart.ratios[1],
        operations,
        difference,
        threads,
        together.ratios,
        apart.ratios,
        setup.batch_size / apart.our_seconds,
        operations / apart.our_seconds / product_rate,
        bfloat16.ratios if bfloat16 else None,
    )


def _in_one_process(setup: Setup, pairs: int, cores: int) -> tuple[Pairs, int]:
    config = setup.config
    ours = OurStep(config, Feed(config, CPU), CPU)
    stock = StockStep(config, Feed(config, CPU), CPU)
    stock.loop.take_weights(ours.state)
    threads = best_threads(stock, cores)

    def with_threads(step: Callable[[], float], count: int) -> Callable[[], float]:
        def turn() -> float:
            torch.set_num_threads(count)
            return step()

        return turn

    return in_turn(with_threads(ours, min(cores, step_threads())), with_threads(stock, threads), pairs), threads


def _in_two_processes(setup: Setup, pairs: int, cores: int, precision: str = "float32") -> Pairs:
    with StepProcess("ours", setup, cores, precision) as ours, StepProcess("stock", setup, cores) as stock:
        return in_turn(ours, stock, pairs)


def run(setups: Sequence[Setup], pairs: int, *, as_json: bool) -> None:
    """Measure every set-up and print the results.

    Args:
        setups: the set-ups to measure.
        pairs: counted steps of each loop.
        as_json: print one JSON object instead of the table.
    """
    cores = usable_cores()
    prepare_thread(step_threads())
    rate = matrix_product_rate(CPU, torch.float32)
    results = []
    if not as_json:
        has_bfloat16 = bfloat16_instructions() or "none, so float32 only"
        print(f"matrix product: {rate / 1e9:.0f} GFLOP/s, budget of the ratio: {BUDGET}")
        print(f"instructions for bfloat16: {has_bfloat16}")
        titles = f"{'GFLOP':>9} {'img/s':>7} {'share':>6}"
        print(
            f"{'set-up':28} {'ratio, one process':22} {'ratio, two processes':22} {'the same in bfloat16':22} {titles}"
        )
    for setup in setups:
        results.append(measure(setup, pairs, cores, rate))
        if not as_json:
            print(results[-1].line(), flush=True)
    if as_json:
        figures = {"product_gflops": rate / 1e9, "results": [asdict(result) for result in results]}
        print(json.dumps({"machine": environment(), "pairs": pairs, **figures}, indent=2))
