"""`gan-studio import`: convert weights of other programs to a .safetensors file to draw with or to train from."""

import argparse
import json
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gan_studio.cli.output import DONE, MOST_NAMED, left_lines
from gan_studio.cli.values import parse_assignment
from gan_studio.engine.config.as_command import command_line
from gan_studio.engine.exchange.fitting import ASSUMED
from gan_studio.engine.exchange.import_weights import Imported, default_out, import_weights
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

EXAMPLES = """examples:
  gan-studio import netG.pth
  gan-studio import netG.pth netD.pth --out dcgan.safetensors
  gan-studio import last.ckpt --out dcgan.safetensors
  gan-studio import netG.pth --set model.generator_activation=leaky_relu
"""


def add_import(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "import",
        help="convert PyTorch weights to draw with or to start a run from",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = "weights to convert: .pt, .pth, .ckpt, .bin or .safetensors; generator and discriminator may be two files"
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=kinds)
    parser.add_argument(
        "--out", type=Path, metavar="FILE.safetensors", help="the file to create (default: beside the first FILE)"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=f"what weights do not tell: {' or '.join(ASSUMED)}",
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.set_defaults(command=import_command)


def import_command(options: argparse.Namespace) -> int:
    """Convert weights; print what was found, changed, assumed and left out, and which commands use the result."""
    first, *others = options.files
    out = options.out or default_out(first)
    imported = import_weights(first, out, changes=assumed_settings(options.set), others=tuple(others))
    if options.json:
        print(json.dumps(_facts(imported)))
        return DONE
    print(f"{imported.tensors} tensors, {bytes_text(imported.size)}: {imported.path}")
    _tell_names("converted to float32, int64 or uint8", imported.converted, imported.converted_count)
    _tell_names(
        "left out, because they are not tensors or cannot be converted", imported.left_out, imported.left_out_count
    )
    if imported.networks is None:
        print(f"{imported.reason.happened if imported.reason else ''} All tensors were kept under their own names.")
        _tell(left_lines(imported.left))
        return DONE
    _tell((*imported.networks.notes, *left_lines(imported.left)))
    print(f"to look at them: {shlex.join(['gan-studio', 'sample', str(imported.path), '--out', 'sheet.png'])}")
    print(f"to start from them: {command_line(imported.networks.config, imported.path)}")
    return DONE


def assumed_settings(assignments: list[str]) -> dict[str, Any]:
    """Read FIELD=VALUE of settings that weights do not tell; raises EngineError for any other setting or value."""
    changes = dict(parse_assignment(text) for text in assignments)
    for path in changes:
        if path not in ASSUMED:
            raise EngineError(
                Message("import.told_by_weights", name=path),
                Message("kept.nothing_begun"),
                Message("todo.set_assumed", names=", ".join(ASSUMED)),
            )
    return changes


def _tell(lines: Iterable[object]) -> None:
    for line in lines:
        print(line)


def _tell_names(what: str, names: tuple[str, ...], count: int) -> None:
    if count:
        print(f"{count} {what}: {', '.join(names[:MOST_NAMED])}{' ...' if count > MOST_NAMED else ''}")


def _facts(imported: Imported) -> dict[str, object]:
    networks, reason = imported.networks, imported.reason
    return {
        "out": str(imported.path),
        "tensors": imported.tensors,
        "bytes": imported.size,
        "converted": imported.converted_count,
        "left_out": list(imported.left_out),
        "left_out_count": imported.left_out_count,
        "notes": [str(note) for note in networks.notes] if networks else [],
        "no_networks": str(reason.happened) if reason else None,
        "not_used": {name: str(why) for name, why in imported.left.items()},
        "train": command_line(networks.config, imported.path) if networks else None,
    }
