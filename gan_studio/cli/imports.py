"""The import command: weights of other programs to a .safetensors file that --fine-tune takes."""

import argparse
import json
from pathlib import Path
from typing import Any

from gan_studio.cli.output import DONE
from gan_studio.engine.exchange.import_weights import Imported, import_weights


def add_import(commands: Any) -> None:
    """Describe the command to the parser's commands."""
    parser = commands.add_parser("import", help="convert weights of PyTorch, to begin a run with")
    parser.add_argument("file", type=Path, metavar="FILE", help=".pt, .pth, .bin or .safetensors")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors", help="the file to make")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.set_defaults(command=import_command)


def import_command(options: argparse.Namespace) -> int:
    """Convert weights, and say what became of each kind."""
    imported = import_weights(options.file, options.out)
    if options.json:
        print(json.dumps(_facts(imported)))
        return DONE
    print(f"{imported.tensors} tensors, {imported.size / 2**20:.1f} MiB: {imported.path}")
    _tell_names("converted to 32 bits or to whole numbers", imported.converted, imported.converted_count)
    _tell_names("left out, being no tensors that can be kept", imported.left_out, imported.left_out_count)
    print(f"begin with them: gan-studio train --preset pytorch-tutorial --fine-tune {imported.path}")
    return DONE


def _tell_names(what: str, names: tuple[str, ...], count: int) -> None:
    if count:
        print(f"{count} {what}: {', '.join(names)}{' ...' if count > len(names) else ''}")


def _facts(imported: Imported) -> dict[str, object]:
    return {
        "out": str(imported.path),
        "tensors": imported.tensors,
        "bytes": imported.size,
        "converted": imported.converted_count,
        "left_out": imported.left_out_count,
    }
