"""Measure the speed of a training step over batch size, width and picture size, in turn with a reference set-up.

Every set-up has a separate process, configured like a run. Its steps alternate with those of the reference's process,
so that both meet the same machine. The pictures are the starter pictures; fetching them is not part of the time.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmarks.growth_figures import Chart, Curve, Growth, answer_of
from gan_studio.bench.paired import in_turn
from gan_studio.bench.step_process import StepProcess
from gan_studio.bench.steps import Setup, step_operations
from gan_studio.engine.machine.cores import usable_cores

REFERENCE = Setup(32, 1, 24, 64)
"""The set-up that all others are compared with: a narrow network and grey pictures."""


@dataclass(frozen=True)
class Axis:
    """One size that grows while the others stay.

    Attributes:
        name: name of the chart.
        field: field of Setup that grows.
        title: title of the x axis.
        values: values of the field.
    """

    name: str
    field: str
    title: str
    values: tuple[int, ...]


AXES = (
    Axis("batch", "batch_size", "pictures in a batch", (16, 32, 64, 128, 256)),
    Axis("width", "width", "width (channels of the narrowest hidden layer)", (8, 16, 24, 32, 48, 64, 96)),
    Axis("size", "image_size", "width and height of the pictures (pixels)", (32, 64, 128)),
)
QUICK_AXES = tuple(
    replace(axis, values=values) for axis, values in zip(AXES, ((16, 64, 256), (8, 24, 48), (32, 64)), strict=True)
)


@dataclass(frozen=True)
class Speed:
    """Speed of one set-up.

    Attributes:
        setup: sizes of pictures, network and batch.
        images_per_second: pictures trained on in a second.
        ratio: images_per_second over the reference's (lower quartile, median, upper quartile).
        operations: floating-point operations a picture, over the reference's.
    """

    setup: Setup
    images_per_second: float
    ratio: tuple[float, float, float]
    operations: float

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Speed":
        """Rebuild a Speed from what `asdict` and JSON made of it."""
        low, middle, high = facts["ratio"]
        return cls(Setup(**facts["setup"]), facts["images_per_second"], (low, middle, high), facts["operations"])

    def row(self) -> tuple[str, ...]:
        """Return a row of the table."""
        low, middle, high = self.ratio
        numbers = (f"{self.images_per_second:.0f}", f"{middle:.2f} ({low:.2f} to {high:.2f})")
        return str(self.setup), *numbers, f"{self.operations:.2f}", f"{middle * self.operations:.2f}"


def measure(*, quick: bool) -> Growth:
    """Measure all axes from a separate process: the set-ups' processes inherit only what that one has loaded."""
    found = json.loads(answer_of("growth_speed", *(["--quick"] if quick else [])))
    return told(QUICK_AXES if quick else AXES, REFERENCE, [Speed.from_facts(facts) for facts in found])


def measured(axes: Sequence[Axis], reference: Setup, pairs: int) -> list[Speed]:
    """Measure every set-up on the axes in turn with the reference, `pairs` steps of each.

    The reference comes first, in turn with a second process of the same set-up. No set-up is measured twice.
    """
    cores = usable_cores()
    setups = [reference, *(_at(axis, value, reference) for axis in axes for value in axis.values)]
    speeds = []
    with StepProcess("ours", reference, cores) as plain:
        for setup in dict.fromkeys(setups):
            with StepProcess("ours", setup, cores) as grown:
                speeds.append(compared(setup, grown, reference, plain, pairs))
    return speeds


def compared(
    setup: Setup, grown: Callable[[], float], reference: Setup, plain: Callable[[], float], pairs: int
) -> Speed:
    """Let two set-ups take turns; `grown` and `plain` do a step and return its seconds."""
    taken = in_turn(grown, plain, pairs)
    more = setup.batch_size / reference.batch_size
    low, middle, high = (more * ratio for ratio in taken.ratios)
    return Speed(setup, setup.batch_size / taken.our_seconds, (low, middle, high), _relative(setup, reference))


def told(axes: Sequence[Axis], reference: Setup, speeds: Sequence[Speed]) -> Growth:
    """Make table and charts from the results of `measured`."""
    text = (
        f"A training step. The ratio is img/s over the reference set-up, {reference}, in turn; operations a picture "
        "(convolutions alone) and the rate of operations are over the reference's too."
    )
    titles = ("set-up", "img/s", "ratio (quartiles)", "operations a picture", "rate of operations")
    by_setup = {speed.setup: speed for speed in speeds}
    lines = {axis: [by_setup[_at(axis, value, reference)] for value in axis.values] for axis in axes}
    charts = [_chart(axis, line, by_setup[reference].images_per_second) for axis, line in lines.items()]
    rows = tuple(speed.row() for speed in speeds)
    return Growth("speed", text, titles, rows, charts=(*charts, _all_operations(lines)))


def _at(axis: Axis, value: int, reference: Setup) -> Setup:
    sizes = asdict(reference) | {axis.field: value}
    return Setup(**sizes)


def _relative(setup: Setup, reference: Setup) -> float:
    here, there = (step_operations(each.config) / each.batch_size for each in (setup, reference))
    return here / there


def _chart(axis: Axis, line: Sequence[Speed], at_reference: float) -> Chart:
    """Draw ratios on the reference's scale: a busy machine slows both of a pair, so ratios stay as they are."""
    x = tuple(float(value) for value in axis.values)
    found = tuple(speed.ratio[1] * at_reference for speed in line)
    expected = tuple(at_reference / speed.operations for speed in line)
    is_varied = min(expected) < max(expected)
    curves = (
        Curve("measured", x, found),
        Curve("at the reference's rate of operations", x, expected, 1, is_guide=True),
    )
    return Chart(
        axis.name, "A training step, CPU", axis.title, "pictures a second", curves, (True, is_varied), x_ticks=x
    )


def _all_operations(lines: dict[Axis, list[Speed]]) -> Chart:
    curves = []
    for colour, (axis, line) in enumerate(lines.items()):
        x, y = (speed.operations for speed in line), (1 / speed.ratio[1] for speed in line)
        curves.append(Curve(axis.name, tuple(x), tuple(y), colour))
    operations = [x for curve in curves for x in curve.x]
    ends = (min(operations), max(operations))
    curves.append(Curve("constant rate", ends, ends, 3, is_guide=True))
    x_title, y_title = "operations a picture (reference = 1)", "seconds a picture (reference = 1)"
    return Chart("operations", "Time against operations, CPU", x_title, y_title, tuple(curves), is_log=(True, True))


def main() -> int:
    """Run in the process that starts the others; the last line printed is the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer set-ups and pairs")
    options = parser.parse_args()
    axes, pairs = (QUICK_AXES, 3) if options.quick else (AXES, 12)
    print(json.dumps([asdict(speed) for speed in measured(axes, REFERENCE, pairs)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
