"""The command that shows what of a run can go, and deletes it."""

import argparse
import json
from pathlib import Path
from typing import Any

from gan_studio.cli.output import DONE
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.space import KINDS, SpareSpace, free_space, spare_space


def add_free_space(commands: Any) -> None:
    """Describe the command to the parser's commands."""
    parser = commands.add_parser("free-space", help="show what of a run can go, and delete it with --yes")
    parser.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    parser.add_argument("--only", action="append", choices=KINDS, help="only this kind; may be given several times")
    parser.add_argument("--yes", action="store_true", help="delete what is listed; without it nothing is deleted")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=free_space_command)


def free_space_command(options: argparse.Namespace) -> int:
    """List what of a run can go; with --yes, delete it."""
    folder, kinds = open_run(options.folder), tuple(options.only or KINDS)
    space = spare_space(folder)
    freed = free_space(folder, kinds).freed_bytes if options.yes else 0
    if options.json:
        print(json.dumps(_facts(space, kinds, freed)))
    else:
        _tell(space, kinds, freed, is_done=options.yes)
    return DONE


def _facts(space: SpareSpace, kinds: tuple[str, ...], freed: int) -> dict[str, Any]:
    spares = {
        spare.kind: {"files": [str(path) for path in spare.files], "bytes": spare.size_bytes}
        for spare in space.spares
        if spare.kind in kinds
    }
    return {
        "run_bytes": space.run_bytes,
        "free_bytes": space.free_bytes,
        "can_go": spares,
        "freed_bytes": freed,
    }


def _tell(space: SpareSpace, kinds: tuple[str, ...], freed: int, *, is_done: bool) -> None:
    print(f"{space.folder}: {_mebibytes(space.run_bytes)}, {_mebibytes(space.free_bytes)} free on its disk")
    for spare in space.spares:
        if spare.kind in kinds:
            print(f"{_mebibytes(spare.size_bytes):>12}  {len(spare.files):>5} {spare.kind:<12} {spare.what_goes}")
    if is_done:
        print(f"Freed {_mebibytes(freed)}.")
    elif any(spare.files for spare in space.spares if spare.kind in kinds):
        print("Nothing was deleted. To delete these: the same command with --yes")
    else:
        print("Nothing can go.")


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:.1f} MiB"
