"""Show what the window's thread does while a run trains: its busy time by the program's functions, sampled by py-spy.

The window trains quickstart with the Train tab in front and 100 000 steps in the plots, or, with --drag, with the
Explore tab in front while a hand drags a slider. py-spy samples the thread's stack from outside. A sample counts for
the program's innermost function on the stack, including all that this function called in numpy, pyqtgraph and Qt. What
pyqtgraph and Qt do without any of the program's functions (layouts, painting, bringing pixels to the screen) is listed
separately, in more detail with --native. Samples in which the thread slept are left out of the shares.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.window_driver import POINTS, Figure, OtherWork, Studio, open_studio, quickstart, screen, tell
from benchmarks.window_slider import Hand, open_explorer

SETTLE_SECONDS = 3.0
ENDING_SECONDS = 60.0
"""Seconds that py-spy may take to start and to write."""

WHERE_IT_LIVES = "spin (", "window_driver.py"
"""Parts of a frame that every stack of the window's thread has: it runs the event loop here."""

QT_ALONE = "Qt alone"
IN_QT = {
    "QBackingStore": "Qt alone: bringing pixels to the screen",
    "paintAndFlush": "Qt alone: painting its own widgets",
    "Layout": "Qt alone: layouts",
}
"""What native frames stand for; the first match counts."""

ASLEEP = "asleep"


def samples(raw: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Read py-spy's raw format: yields the frames of a stack, outermost first, and how often it was seen."""
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        yield tuple(stack.split(";")), int(count)


def is_of_window(frames: tuple[str, ...]) -> bool:
    """Whether a stack belongs to the thread that paints."""
    return any(all(part in frame for part in WHERE_IT_LIVES) for frame in frames)


def owner(frames: tuple[str, ...]) -> str:
    """Name what a sample counts for: the program's innermost function, else a part of pyqtgraph, else of Qt."""
    for frame in reversed(frames):
        if all(part in frame for part in WHERE_IT_LIVES):
            break
        name, _, place = frame.partition(" (")
        path = place.rpartition(":")[0]
        if "/gan_studio/" in path:
            return f"{path.rpartition('/gan_studio/')[2]} {name}"
        if "/benchmarks/" in path:
            return f"the measuring program: {name}"
    parts = [Path(frame.partition(" (")[2].rpartition(":")[0]) for frame in frames if "/pyqtgraph/" in frame]
    if parts:
        return f"pyqtgraph, called by Qt: {parts[-1].stem}"
    if frames[-1].startswith("poll "):
        return ASLEEP
    return next((what for part, what in IN_QT.items() if any(part in frame for frame in frames)), QT_ALONE)


def shares(raw: str) -> list[tuple[str, float]]:
    """Return what the window's thread was busy with, each with its share in percent, largest first."""
    seen: Counter[str] = Counter()
    for frames, count in samples(raw):
        if is_of_window(frames):
            seen[owner(frames)] += count
    del seen[ASLEEP]
    return [(name, 100 * count / seen.total()) for name, count in seen.most_common()]


def spy() -> str:
    """Find py-spy, on the path or beside this Python."""
    found = shutil.which("py-spy") or shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit('py-spy is not installed: pip install -e ".[dev]"')
    return found


def record(seconds: int, rate: int, live: Callable[[float], None], *, is_native: bool) -> str:
    """Let py-spy sample this process while the window works; returns its samples in its raw format."""
    with tempfile.TemporaryDirectory(prefix="gan-studio-") as folder:
        file = Path(folder) / "stacks"
        command = [spy(), "record", "--pid", str(os.getpid()), "--duration", str(seconds), "--rate", str(rate)]
        command += ["--format", "raw", "--function", "--full-filenames", "--output", str(file)]
        command += ["--native"] if is_native else []
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            until = time.monotonic() + seconds + ENDING_SECONDS
            while process.poll() is None and time.monotonic() < until:
                live(1.0)
            process.kill()
            said = process.stderr.read() if process.stderr else ""
        if process.returncode or not file.exists():
            raise SystemExit(f"py-spy could not look at this process; it may have to be run as root.\n{said.strip()}")
        return file.read_text()


def begin(studio: Studio, *, is_drag: bool) -> Callable[[float], None]:
    """Start a run; returns a function that lets the window work for so many seconds."""
    studio.start(quickstart({}))
    if is_drag:
        open_explorer(studio)
        return Hand(studio).drag
    studio.fill_plots(POINTS)
    return studio.spin


def measure(studio: Studio, seconds: int, rate: int, *, is_drag: bool, is_native: bool) -> list[Figure]:
    """Measure the thread's processor time, then where it goes."""
    live = begin(studio, is_drag=is_drag)
    live(SETTLE_SECONDS)
    first, wall, own = studio.trainer.state.step, time.monotonic(), time.thread_time()
    live(float(seconds))
    wall, own = time.monotonic() - wall, time.thread_time() - own
    steps = studio.trainer.state.step - first
    found = shares(record(seconds, rate, live, is_native=is_native))
    return [
        *(Figure(name[:57], share, "%") for name, share in found),
        Figure("the window's thread, before py-spy sampled it", 1000 * own / wall, "ms/s"),
        Figure("steps trained meanwhile, a second", steps / wall),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="seconds of each of the two measurements (60)")
    parser.add_argument("--rate", type=int, default=200, help="samples a second (200)")
    parser.add_argument("--drag", action="store_true", help="measure the Explore tab while a slider is dragged")
    parser.add_argument("--native", action="store_true", help="look into Qt as well, where py-spy can; use a low rate")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    spy()
    with screen(), open_studio() as studio:
        others = OtherWork()
        figures = measure(studio, options.seconds, options.rate, is_drag=options.drag, is_native=options.native)
        tell([*figures, others.figure()], as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
