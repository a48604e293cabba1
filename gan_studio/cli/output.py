"""What all commands share: exit codes, and how they print."""

import io
import sys
from collections.abc import Iterator, Mapping
from itertools import islice

from rich.console import Console

from gan_studio.engine.text.message import Message

DONE, BUG, REFUSED = 0, 1, 2
"""Exit codes: done (also when stopped by Ctrl-C, since the run can be resumed), fault of the program, refusal."""
MOST_NAMED = 20
"""At most this many files, tensors or values that were left are named; the others are only counted."""


def allow_any_text() -> None:
    """Print "?" for characters that the encoding of a pipe lacks, such as cp1252 or ASCII, instead of failing.

    Python's "surrogateescape" prints the odd bytes of a path as they are, and fails for every other character that the
    encoding lacks. UTF-8 lacks none.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and (
            stream.errors == "strict" or (stream.errors == "surrogateescape" and stream.encoding.lower() != "utf-8")
        ):
            stream.reconfigure(errors="replace")


def picture_lines(notes: tuple[Message, ...], left_out: tuple[tuple[str, Message], ...]) -> Iterator[str]:
    """Yield the lines that tell how a source of pictures was understood, and what of it was left out."""
    yield from map(str, notes)
    for name, reason in left_out[:MOST_NAMED]:
        yield f"left out: {name}: {reason}"
    if len(left_out) > MOST_NAMED:
        yield f"left out: {len(left_out) - MOST_NAMED:,} more files"


def left_lines(left: Mapping[str, object]) -> Iterator[str]:
    """Yield the lines that name the tensors that are part of no network, and why."""
    for name, reason in islice(left.items(), MOST_NAMED):
        yield f"not used: {name}: {reason}"
    if len(left) > MOST_NAMED:
        yield f"not used: {len(left) - MOST_NAMED:,} more tensors (--json names all)"


def tell_error(happened: object, kept: object, todo: object) -> None:
    """Print an error in its three parts: what happened, what was kept and what to do."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print("[bold red]Error:[/] ", end="")
    for part in (happened, kept, todo):
        console.print(str(part), markup=False)


def tell_no_working_folder() -> int:
    """Print that the working folder is gone, without which torch cannot be loaded; returns the exit code."""
    allow_any_text()
    happened = Message("path.gone_working_folder")
    tell_error(happened, Message("kept.nothing_begun"), Message("todo.other_working_folder"))
    return REFUSED
