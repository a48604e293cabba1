"""A disk that fails where it is told to: errors, short writes, a crash, and the loss of what was never synced."""

import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gan_studio.engine.files.atomic import Disk

ERRNOS = ("ENOSPC", "EIO", "EACCES", "EFBIG", "EROFS")
"""What a disk answers when it refuses."""
LOSSES = ("nothing", "data", "names", "some")
"""What a power cut takes: nothing (a mere kill), unsynced data, unsynced names as well, or a random part of both."""


class Crash(BaseException):
    """The program is gone: nothing catches it, and no clean-up touches the disk any more."""


@dataclass
class FaultyDisk(Disk):
    """Fails by a plan, and remembers what a power cut would take.

    Attributes:
        fails: given the number of a call (from 0) and its name, the errno it fails with, or 0.
        crash_at: number of the call that ends the program before it does anything, or None.
        shortest: write at most so many bytes a call, or None.
        calls: names of the calls so far.
    """

    fails: Callable[[int, str], int] = lambda number, name: 0
    crash_at: int | None = None
    shortest: int | None = None
    calls: list[str] = field(default_factory=list)
    _open: dict[int, Path] = field(default_factory=dict)
    _unsynced: set[Path] = field(default_factory=set)
    _names: list[tuple[Path, Callable[[], None]]] = field(default_factory=list)

    def create(self, path: Path) -> int:
        self._meet("create")
        descriptor = super().create(path)
        self._open[descriptor] = path
        self._unsynced.add(path)
        self._names.append((path.parent, lambda: path.unlink(missing_ok=True)))
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        self._meet("write")
        return super().write(descriptor, data[: self.shortest] if self.shortest else data)

    def sync(self, descriptor: int) -> None:
        self._meet("sync")
        super().sync(descriptor)
        if descriptor in self._open:
            self._unsynced.discard(self._open[descriptor])
        elif stat.S_ISDIR(os.fstat(descriptor).st_mode):
            here = os.fstat(descriptor)
            self._names = [kept for kept in self._names if not os.path.samestat(kept[0].stat(), here)]

    def close(self, descriptor: int) -> None:
        try:
            self._meet("close")
        finally:
            self._open.pop(descriptor, None)
            super().close(descriptor)  # the system closes what a dead program held

    def replace(self, source: Path, target: Path) -> None:
        self._meet("replace")
        before = target.read_bytes() if target.exists() else None
        super().replace(source, target)
        if source in self._unsynced:
            self._unsynced.discard(source)
            self._unsynced.add(target)
        self._names.append((target.parent, lambda: self._rename_back(source, target, before)))

    def remove(self, path: Path) -> None:
        self._meet("remove")
        before = path.read_bytes() if path.exists() else None
        super().remove(path)
        if before is not None:
            self._names.append((path.parent, lambda: _restore(path, before)))

    def lose(self, loss: str, seed: int) -> None:
        """Take from the disk what a power cut takes; names go in the order in which they came, newest first.

        Args:
            loss: one of LOSSES.
            seed: of the garbage, and of the random part.
        """
        draw = random.Random(seed)
        if loss == "nothing":
            return
        for path in sorted(self._unsynced):
            if path.exists() and (loss != "some" or draw.random() < 0.5):
                path.write_bytes(draw.choice((b"", draw.randbytes(path.stat().st_size))))
        if loss in ("names", "some"):
            left = 0 if loss == "names" else draw.randint(0, len(self._names))
            for _, undo in reversed(self._names[left:]):
                undo()

    def _rename_back(self, source: Path, target: Path, before: bytes | None) -> None:
        if target.exists():
            source.write_bytes(target.read_bytes())
        if before is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(before)

    def _meet(self, name: str) -> None:
        number = len(self.calls)
        self.calls.append(name)
        if self.crash_at is not None and number >= self.crash_at:
            raise Crash(f"{name}, call {number}")
        code = self.fails(number, name)
        if code:
            raise OSError(code, os.strerror(code))


def _restore(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def failing_once(at: int, code: int) -> Callable[[int, str], int]:
    """Plan one failure, at the n-th call."""
    return lambda number, _name: code if number == at else 0


def full_between(first: int, last: int, code: int) -> Callable[[int, str], int]:
    """Plan a disk that takes nothing new for a while: closing and deleting go on."""
    refused = ("create", "write", "sync", "replace")
    return lambda number, name: code if first <= number < last and name in refused else 0
