"""`gan-studio free-space`: list the files that a run can do without, and delete them."""

import argparse
import json
from pathlib import Path
from typing import Any

from gan_studio.cli.output import DONE
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.space import KINDS, SpareSpace, free_space, spare_space
from gan_studio.engine.text.units import bytes_text


def add_free_space(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("free-space", help="list files that a run can do without, and delete them with --yes")
    parser.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    parser.add_argument("--only", action="append", choices=KINDS, help="only this kind; may be given several times")
    parser.add_argument("--yes", action="store_true", help="delete what is listed; without it nothing is deleted")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=free_space_command)


def free_space_command(options: argparse.Namespace) -> int:
    """List the files that a run can do without; with --yes, delete them."""
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
    print(f"{space.folder}: {bytes_text(space.run_bytes)}, {bytes_text(space.free_bytes)} free on its disk")
    for spare in space.spares:
        if spare.kind in kinds:
            print(f"{bytes_text(spare.size_bytes):>12}  {len(spare.files):>5} {spare.kind:<12} {spare.what_goes}")
    if is_done:
        print(f"{bytes_text(freed)} were freed.")
    elif any(spare.files for spare in space.spares if spare.kind in kinds):
        print("Nothing was deleted. To delete these files, add --yes.")
    else:
        print("There is nothing to delete.")
