"""`gan-studio history`: the branches of a run and the checkpoints that it can go back to."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.tree import Tree

from gan_studio.cli.output import DONE
from gan_studio.engine.run.branches import History, read_history
from gan_studio.engine.run.folder import open_run


def add_history(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("history", help="show the branches of a run and its checkpoints")
    parser.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    parser.add_argument("--json", action="store_true", help="print the branches as JSON")
    parser.set_defaults(command=history_command)


def history_command(options: argparse.Namespace) -> int:
    """Print the branches of a run."""
    _tell(read_history(open_run(options.folder)), as_json=options.json)
    return DONE


def _tell(history: History, *, as_json: bool) -> None:
    """Print the branches as a tree, each with the steps of its checkpoints, or as JSON."""
    if as_json:
        print(json.dumps([asdict(branch) for branch in history.branches]))
        return
    places: dict[int | None, Tree] = {None: Tree("branches", hide_root=True)}
    for branch in history.branches:
        began = datetime.fromtimestamp(branch.began, UTC).astimezone()
        steps = ", ".join(map(str, branch.checkpoints)) or "none"
        words = f"branch {branch.number}, from step {branch.from_step}, {began:%Y-%m-%d %H:%M}; checkpoints: {steps}"
        places[branch.number] = places.get(branch.parent, places[None]).add(words)
    Console(highlight=False).print(places[None])
