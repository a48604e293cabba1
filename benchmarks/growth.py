"""Measure how cost grows: speed over sizes, memory over pictures, steps and runs, plots of a million steps.

    python -m benchmarks.growth [--quick] [--json] [--out FOLDER] [NAMES...]

Each part prints its table of docs/benchmarks.md and draws docs/images/growth-*.png. With --quick the counts are small,
and plots are drawn only if --out names a folder.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import growth_pictures, growth_plots, growth_speed, growth_window
from benchmarks.growth_chart import save_chart
from benchmarks.growth_figures import ROOT, Growth
from gan_studio.__main__ import SPINS

IMAGES = ROOT / "docs" / "images"

Measure = Callable[..., Growth]
"""Measures one part; `quick` gives a first impression."""

PARTS: Mapping[str, Measure] = {
    "speed": growth_speed.measure,
    "pictures": growth_pictures.measure,
    "plots": growth_plots.measure,
    "runs": growth_window.measure_runs,
    "steps": growth_window.measure_steps,
}


def main(arguments: Sequence[str] | None = None, parts: Mapping[str, Measure] = PARTS) -> int:
    """Measure the chosen parts, print and draw them; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a first impression in two minutes")
    parser.add_argument("--json", action="store_true", help="print one JSON object: part name to rows and figures")
    parser.add_argument("--out", type=Path, help="folder for the plots (docs/images)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(parts)}")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(parts)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # as the program does
    out: Path | None = options.out or (None if options.quick else IMAGES)
    found: dict[str, Growth] = {}
    for name in options.names or parts:
        begun = time.monotonic()
        found[name] = parts[name](quick=options.quick)
        _tell(found[name], time.monotonic() - begun, out, as_json=options.json)
    if options.json:
        print(json.dumps({name: asdict(growth) for name, growth in found.items()}))
    return 0


def _tell(growth: Growth, seconds: float, out: Path | None, *, as_json: bool) -> None:
    print(f"{growth.name}: measured in {seconds:.0f} s", file=sys.stderr)
    if not as_json:
        print(f"\n### {growth.name}\n\n{growth.markdown()}", flush=True)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for chart in growth.charts:
            save_chart(chart, out / f"growth-{chart.name}.png")


if __name__ == "__main__":
    raise SystemExit(main())
