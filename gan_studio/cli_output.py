"""What every command prints in the same way: exit codes and errors in three parts."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console
from rich.tree import Tree

from gan_studio.engine.history import History

DONE, BUG, REFUSED = 0, 1, 2
"""Exit codes: done (also when stopped by Ctrl-C, the run is resumable); a fault of the program; a refusal."""


def tell_error(happened: object, kept: object, todo: object) -> None:
    """Print what happened, what was kept and what to do."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print("[bold red]Error:[/] ", end="")
    for part in (happened, kept, todo):
        console.print(str(part), markup=False)


def tell_history(history: History, *, as_json: bool) -> None:
    """Print the branches of a run as a tree, each with the steps that it can go back to."""
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
