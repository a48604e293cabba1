"""Measure what single decisions about a CPU step save or cost: steps with and without them, in turn.

`python -m benchmarks.step_variants [capture] [guard] [kernels] [bfloat16] [--presets quickstart] [--widths 24 64]
[--batch 64] [--pairs 40] [--threads 2] [--json]`

capture: steps done one operation at a time, over captured ones (engine/replay/cpu_record.py).
guard: steps without the guard that keeps NaN out (engine/step/soundness.py), over ours.
kernels: steps that sum the kernels of a doubling and a 3x3 convolution by slices, over ours, which sum them by a
    pooling (engine/models/layers.py).

bfloat16: steps in float32, over steps in bfloat16; only on a CPU with instructions for it, unless it is named. The
    intensity of the set-up is printed, too: engine/machine/bfloat16.py holds such rows.

Both kinds start from the same weights, see the same batches and, except for bfloat16, compute the same bits. A ratio
above 1 says that ours is faster. Time is measured as in step_profile.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn.functional import pad

from benchmarks.step_profile import PICTURES, clock_of, seconds_of
from gan_studio.bench.paired import in_turn
from gan_studio.bench.steps import Feed, OurStep, Setup
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.machine.bfloat16 import intensity
from gan_studio.engine.machine.devices import bfloat16_instructions, environment, prepare_thread
from gan_studio.engine.models import layers
from gan_studio.engine.step.adam import Adam
from gan_studio.engine.step.soundness import Soundness

CPU = torch.device("cpu")
MakeStep = Callable[[RunConfig, Feed], OurStep]


class Unguarded(Soundness):
    """A guard that does nothing."""

    def begin_step(self) -> None:
        """Keep no statistics."""

    def admit(self, optimizer: Adam, loss: Tensor, norm: Tensor) -> None:
        """Let every update happen."""

    def end_step(self) -> None:
        """Put nothing back."""


class SlicedStep(OurStep):
    """A step of the engine that sums its kernels by slices."""

    def learn(self, images: Tensor, z: Tensor) -> list[Tensor]:
        """Do a step on a batch; returns its metrics."""
        with patch.object(layers, "_kernel_of_doubling", by_slices):
            return super().learn(images, z)


def by_slices(weight: Tensor) -> Tensor:
    """Sum a kernel as engine/models/layers.py does, but by adding its four shifted copies."""
    wide = pad(weight.transpose(0, 1).flip(2, 3), (1, 1, 1, 1))
    kernel = wide[:, :, 1:, 1:] + wide[:, :, :-1, 1:] + wide[:, :, 1:, :-1] + wide[:, :, :-1, :-1]
    return kernel.contiguous(memory_format=torch.channels_last)


def ours(config: RunConfig, feed: Feed) -> OurStep:
    """Build the step of a run."""
    return OurStep(config, feed, CPU)


def in_bfloat16(config: RunConfig, feed: Feed) -> OurStep:
    """Build the step of a run in bfloat16."""
    return OurStep(config, feed, CPU, "bfloat16")


def not_captured(config: RunConfig, feed: Feed) -> OurStep:
    """Build a step that is done one operation at a time."""
    return OurStep(config, feed, CPU, captured=False)


def unguarded(config: RunConfig, feed: Feed) -> OurStep:
    """Build a step without the guard against NaN."""
    step = OurStep(config, feed, CPU)
    step.state.soundness = Unguarded(step.state.generator, step.state.discriminator)
    return step


def sliced(config: RunConfig, feed: Feed) -> OurStep:
    """Build a step that sums its kernels by slices."""
    return SlicedStep(config, feed, CPU)


VARIANTS: Mapping[str, tuple[MakeStep, MakeStep]] = {
    "capture": (ours, not_captured),
    "guard": (ours, unguarded),
    "kernels": (ours, sliced),
    "bfloat16": (in_bfloat16, ours),
}
"""Our step and the other one, by the name of the variant."""


@dataclass(frozen=True)
class Outcome:
    """What one decision saves at one set-up.

    Attributes:
        variant: a key of VARIANTS.
        setup: sizes, or a preset.
        ratio: time of a step of the variant over one of ours: lower quartile, median, upper quartile.
        milliseconds: median time of a step of ours.
        intensity: see bfloat16.intensity.
    """

    variant: str
    setup: str
    ratio: tuple[float, float, float]
    milliseconds: float
    intensity: float

    def line(self) -> str:
        """Return a line of the table."""
        low, middle, high = self.ratio
        figures = f"{middle:6.3f} ({low:.3f} to {high:.3f}) {self.milliseconds:8.1f} {self.intensity:9.1f}"
        return f"{self.variant:10} {self.setup:28} {figures}"


def measure(variant: str, setup: str, config: RunConfig, pairs: int, clock: Callable[[], float]) -> Outcome:
    """Let steps of ours and of a variant take turns."""

    def turn_of(make: MakeStep) -> Callable[[], float]:
        feed = Feed(config, CPU)
        step = make(config, feed)
        return lambda: seconds_of(step, feed, clock)

    mine, other = VARIANTS[variant]
    timed = in_turn(turn_of(mine), turn_of(other), pairs)
    return Outcome(variant, setup, timed.ratios, timed.our_seconds * 1e3, intensity(config))


def configs_of(options: argparse.Namespace) -> Iterator[tuple[str, RunConfig]]:
    """Yield name and configuration of every chosen set-up."""
    for preset in options.presets:
        yield preset, load_preset(preset).config
    for width in options.widths:
        for pictures in PICTURES:
            setup = Setup(*pictures, width, options.batch)
            yield str(setup), setup.config


def default_variants() -> list[str]:
    """Return all variants that make sense on this CPU."""
    return [name for name in VARIANTS if name != "bfloat16" or bfloat16_instructions()]


def is_concerned(variant: str, config: RunConfig) -> bool:
    """Whether a variant differs from our step at all."""
    return variant != "kernels" or config.model.upsampling == "resize"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    suiting = f"of {', '.join(VARIANTS)} (default: all that suit this CPU)"
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=suiting)
    parser.add_argument("--presets", nargs="*", default=["quickstart"], help="presets to measure (default quickstart)")
    parser.add_argument("--widths", type=int, nargs="*", default=[24, 64], help="widths, for each kind of picture")
    parser.add_argument("--batch", type=int, default=64, help="pictures a step, except for presets (default 64)")
    parser.add_argument("--pairs", type=int, default=40, help="measured pairs (default 40)")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of a step (default 2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args(arguments)
    unknown = set(options.variants) - set(VARIANTS)
    if unknown:
        parser.error(f"no such variant: {', '.join(sorted(unknown))}")
    prepare_thread(options.threads)
    clock = clock_of(options.threads)
    outcomes = [
        measure(variant, name, config, options.pairs, clock)
        for variant in options.variants or default_variants()
        for name, config in configs_of(options)
        if is_concerned(variant, config)
    ]
    if options.json:
        rows = [asdict(outcome) for outcome in outcomes]
        print(json.dumps({"machine": environment(), "threads": options.threads, "results": rows}, indent=2))
    else:
        print("time of the variant's step over ours: median (quartiles), milliseconds of ours, intensity")
        print(*(outcome.line() for outcome in outcomes), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
