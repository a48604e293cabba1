"""Measure how long it takes until the window is painted, and from a click on Start until the first samples are shown.

Every launch is a separate process, as `gan-studio` starts it. The first time runs from before the process exists until
the whole window has been painted. The last runs from the click, once the engine is loaded, until the sample grid has
been painted. One more launch comes before the measured ones, because the first after an installation compiles the
program.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from benchmarks.window_driver import Figure, OtherWork, own_home, screen, tell

LAUNCHED = "GAN_STUDIO_BENCH_LAUNCHED"
"""Environment variable, read by window_launched.py: time.time() just before the launch."""

CHILD = "from benchmarks.window_launched import main; main()"
TIME_LIMIT = 120


def launched_now() -> dict[str, str]:
    """Return the environment of a launch: Python keeps compiled modules, as on a user's machine."""
    return {**os.environ, LAUNCHED: repr(time.time()), "PYTHONDONTWRITEBYTECODE": ""}


def launch() -> dict[str, float]:
    """Launch once; returns the seconds "painted", "loaded" and "sheet", and "memory" in MB."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=launched_now(),
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    return {name: float(value) for name, value in json.loads(done.stdout.splitlines()[-1]).items()}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--launches", type=int, default=7, help="measured launches (7)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    others = OtherWork()
    with screen(), own_home():
        launch()
        times = [launch() for _ in range(options.launches)]
    painted, loaded, sheet, memory = ([one[name] for one in times] for name in ("painted", "loaded", "sheet", "memory"))
    figures = [
        Figure("process start to the painted window, median", statistics.median(painted), "s", "<= 1.5"),
        Figure("process start to the painted window, worst", max(painted), "s"),
        Figure("process start to the loaded engine, median", statistics.median(loaded), "s"),
        Figure("own memory once the engine is loaded, median", statistics.median(memory), "MB"),
        Figure("click on Start to the first samples, median", statistics.median(sheet), "s", "<= 5"),
        Figure("click on Start to the first samples, worst", max(sheet), "s"),
        others.figure(),
    ]
    tell(figures, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
