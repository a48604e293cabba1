"""Show what is imported before the window is painted and what after it: modules and shares of the time, by package.

One launch, as `gan-studio` starts it, with Python's own account of imports (PYTHONPROFILEIMPORTTIME). A module's time
does not include the modules that it imports. The account makes every import a little slower, so only the shares count.
"""

import argparse
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.window_driver import Figure, own_home, screen, tell
from benchmarks.window_launch import CHILD, TIME_LIMIT, launch, launched_now
from benchmarks.window_launched import IMPORTS, PAINTED

LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
LEAST_PERCENT = 0.5
"""Packages below this share are left out."""


@dataclass
class Part:
    """The imports of one package: number of modules, and their own microseconds."""

    modules: int = 0
    micros: int = 0


def package_of(module: str) -> str:
    """Return the package that a module is counted for; modules of PySide6 and Python's own library count separately."""
    first, _, rest = module.partition(".")
    if first == "PySide6" and rest:
        return f"PySide6.{rest.partition('.')[0]}"
    return "Python's own library" if first.lstrip("_") in _STANDARD or first in _STANDARD else first


_STANDARD = sys.stdlib_module_names | {name.lstrip("_") for name in sys.stdlib_module_names} | {"encodings", "site"}


def parts_of(lines: Iterable[str]) -> dict[str, Part]:
    """Sum Python's account of imports by package."""
    parts: dict[str, Part] = defaultdict(Part)
    for line in lines:
        found = LINE.search(line)
        if found is not None:
            part = parts[package_of(found[2])]
            part.modules += 1
            part.micros += int(found[1])
    return dict(parts)


def figures_of(when: str, parts: dict[str, Part]) -> list[Figure]:
    """Return total modules and milliseconds, then the share of each package, largest first."""
    total = sum(part.micros for part in parts.values())
    modules = sum(part.modules for part in parts.values())
    figures = [
        Figure(f"imported {when} the painted window", modules, "modules"),
        Figure(f"time of these imports, {when}", total / 1000, "ms"),
    ]
    ordered = sorted(parts.items(), key=lambda item: -item[1].micros)
    for name, part in ordered:
        share = 100 * part.micros / max(total, 1)
        if share >= LEAST_PERCENT:
            figures.append(Figure(f"  {when}: {name} ({part.modules} modules)", share, "%"))
    return figures


def account() -> tuple[list[str], list[str]]:
    """Launch once; returns the account's lines before and after the window was painted."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env={**launched_now(), IMPORTS: "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
    )
    before, _, after = done.stderr.partition(PAINTED)
    return before.splitlines(), after.splitlines()


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    with screen(), own_home():
        launch()  # compiles what is not compiled yet
        before, after = account()
    figures = [*figures_of("before", parts_of(before)), *figures_of("after", parts_of(after))]
    tell(figures, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
