"""`gan-studio bench`: training speed of this machine, compared with the published DCGAN loop and a matrix product."""

import argparse
from typing import Any

from gan_studio.cli.output import DONE

BATCHES = (64, 128)
PAIRS, QUICK_PAIRS = 20, 8


def add_bench(commands: Any) -> None:
    """Add the command to the parser."""
    bench = commands.add_parser(
        "bench",
        help="measure how fast this machine trains",
        description="Time training steps in turn with steps of the published PyTorch DCGAN example. A ratio above 1"
        " means that GAN Studio is faster. The share compares its arithmetic with the rate of a matrix product. This"
        " takes minutes and needs an idle machine.",
    )
    bench.add_argument("--quick", action="store_true", help="measure two set-ups only, with few steps")
    bench.add_argument("--pairs", type=int, default=0, help="steps of each loop that count (default: 20, quick: 8)")
    bench.add_argument(
        "--batch",
        type=int,
        nargs="+",
        choices=BATCHES,
        default=[BATCHES[0]],
        help="batch size, one or both (default: 64)",
    )
    bench.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    bench.set_defaults(command=bench_command)


def bench_command(options: argparse.Namespace) -> int:
    """Measure and print; the exit code does not depend on the figures."""
    from gan_studio.bench.throughput import run, setups_of

    pairs = max(options.pairs, 0) or (QUICK_PAIRS if options.quick else PAIRS)
    run(setups_of(options.batch, quick=options.quick), pairs, as_json=options.json)
    return DONE
