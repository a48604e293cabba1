"""`gan-studio import`: convert weights of other programs to a .safetensors file for --fine-tune."""

import argparse
import json
from pathlib import Path
from typing import Any

from gan_studio.cli.output import DONE
from gan_studio.engine.exchange.import_weights import Imported, import_weights
from gan_studio.engine.text.units import bytes_text


def add_import(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("import", help="convert PyTorch weights to start a run from")
    parser.add_argument("file", type=Path, metavar="FILE", help="weights to convert: .pt, .pth, .bin or .safetensors")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors", help="the file to create")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.set_defaults(command=import_command)


def import_command(options: argparse.Namespace) -> int:
    """Convert weights, and print what was converted and what was left out."""
    imported = import_weights(options.file, options.out)
    if options.json:
        print(json.dumps(_facts(imported)))
        return DONE
    print(f"{imported.tensors} tensors, {bytes_text(imported.size)}: {imported.path}")
    _tell_names("converted to float32, int64 or uint8", imported.converted, imported.converted_count)
    _tell_names(
        "left out, because they are not tensors or cannot be converted", imported.left_out, imported.left_out_count
    )
    print(f"to start from them: gan-studio train --preset pytorch-tutorial --fine-tune {imported.path}")
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
