"""The cache of decoded pictures on disk: for each data set a memory-mapped .npy and a JSON file with its digest."""

import errno
import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import PIL
import platformdirs
from numpy.lib import format as npy
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.batches import read_at_random, release
from gan_studio.engine.data.decode import LeftOut
from gan_studio.engine.data.split import HASH_BYTES, digest_of, left_out_by_hand, picture_hash
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.files import atomic
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.text.units import bytes_text

logger = logging.getLogger(__name__)

FORMAT = 4
"""Version of the files in the cache; part of every key. Version 1 kept I/O errors as damaged pictures, version 2
knew no colour profiles, version 3 no masks in Parquet files, and it made translucent masks opaque."""
MOST_BYTES = 20 * 2**30
"""Size limit of the whole cache."""
ABANDONED_SECONDS = 86_400.0
"""A temporary file older than this was left by a crash, and is removed."""

CHECK_BYTES = 2**24
"""Bytes checked between two reports of progress."""


Notes = tuple[Message, ...]
"""What decoding found, in sentences for a person."""


@dataclass(frozen=True)
class DecodedFacts:
    """What is known about the usable pictures of a source once they are decoded.

    Attributes:
        labels: int64 [N] or None.
        left_out: (name, reason) of each picture that could not be used.
        hashes: uint8 [N, 32], the SHA-256 of each picture.
        digest: one SHA-256 over shape, hashes, labels and class names, in hexadecimal.
        notes: what decoding found, in sentences for a person.
        held_out_from: index of the first picture of the source's own held-out part, or None where it has none.
    """

    labels: NDArray[np.int64] | None
    left_out: LeftOut
    hashes: NDArray[np.uint8]
    digest: str
    notes: Notes
    held_out_from: int | None


@dataclass(frozen=True)
class DecodedPictures:
    """The usable pictures of a source, uint8 [N, C, S, S], in memory or in a memory map, and facts on them."""

    images: NDArray[np.uint8]
    facts: DecodedFacts


PASSING_REASONS = frozenset({"picture.unreadable", "picture.not_read"})
"""Reasons that may be gone at the next try, though the file did not change: no permission, an I/O error."""


def cache_folder() -> Path:
    """Return the cache folder: $GAN_STUDIO_CACHE, else `pictures` in this user's cache folder for GAN Studio."""
    chosen = os.environ.get("GAN_STUDIO_CACHE")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("gan-studio") / "pictures"


def cache_key(identity: str, config: DataConfig) -> str:
    """Hash the identity of a source and the settings that decide its decoded pictures: 40 hexadecimal digits."""
    settings = [config.image_size, config.channels, config.fit, config.background, config.classes, config.most]
    named = json.dumps([FORMAT, PIL.__version__, identity, *settings, bool(config.held_out), *left_out_by_hand(config)])
    return hashlib.sha256(os.fsencode(named)).hexdigest()[:40]


def read_cached(key: str, class_names: tuple[str, ...]) -> Generator[LoadingProgress, None, DecodedPictures | None]:
    """Open a cached data set and check every byte of it; return None where it is missing or damaged."""
    pictures, proof = _paths(key)
    try:
        facts = json.loads(proof.read_text(encoding="utf-8"))
        images: NDArray[np.uint8] = np.load(pictures, mmap_mode="c", allow_pickle=False)
        labels = None if facts["labels"] is None else np.array(facts["labels"], np.int64)
        left_out = tuple((str(name), _message(*reason)) for name, *reason in facts["left_out"])
        notes = tuple(_message(*note) for note in facts["notes"])
        if any(reason.key in PASSING_REASONS for _, reason in left_out):
            return None  # the picture may be readable by now
        if images.dtype != np.uint8 or images.ndim != 4 or (labels is not None and len(labels) != len(images)):
            return None
        hashes = yield from _hashes(images)
        if digest_of(images.shape, hashes, labels, class_names) != facts["digest"]:
            return None
        os.utime(proof)  # its modification time says when the data set was last used
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError):
        return None
    read_at_random(images)
    found = DecodedFacts(labels, left_out, hashes, facts["digest"], notes, facts["held_out_from"])
    return DecodedPictures(np.asarray(images), found)


NOT_ALLOWED = (errno.EACCES, errno.ENOENT, errno.ENOTDIR, errno.EPERM, errno.EROFS)
"""Why a folder cannot be written however much space is free."""


class CacheError(EngineError):
    """The cache cannot be written.

    Attributes:
        reason: what the system says.
    """

    def __init__(self, error: OSError, size: str) -> None:
        self.reason = error.strerror or str(error)
        happened = Message("cache.not_written", folder=cache_folder(), error=self.reason)
        todo = Message("todo.other_cache") if error.errno in NOT_ALLOWED else Message("todo.free_cache", size=size)
        super().__init__(happened, Message("kept.nothing_begun"), todo)


class CacheWriter:
    """Writes one data set to a temporary file, which `finish` moves into the cache.

    Leaving the context without `finish` removes the file.
    Every method raises CacheError where the disk is full or the folder cannot be written.
    """

    def __init__(self, key: str, shape: tuple[int, int, int]) -> None:
        self._key = key
        self._shape = shape
        self._count = 0
        folder = cache_folder()
        self._temporary = folder / f".{key}.{os.getpid()}-{secrets.token_hex(4)}.tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            self._file: IO[bytes] = os.fdopen(os.open(self._temporary, flags, 0o600), "wb")
            self._write_header()
        except OSError as error:
            raise self._failed(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the temporary file, and remove it if the data set was not finished."""
        self._file.close()
        atomic.remove(self._temporary)

    def add(self, pictures: Iterable[NDArray[np.uint8]]) -> None:
        """Append pictures, uint8 [C, S, S] each."""
        try:
            for picture in pictures:
                self._file.write(np.ascontiguousarray(picture).data)
                self._count += 1
        except OSError as error:
            raise self._failed(error) from error

    def finish(self, facts: DecodedFacts) -> DecodedPictures:
        """Move the data set into the cache, and return it as a memory map."""
        pictures, proof = _paths(self._key)
        kept = {
            "digest": facts.digest,
            "labels": None if facts.labels is None else facts.labels.tolist(),
            "left_out": [[name, reason.key, _json_values(reason.values)] for name, reason in facts.left_out],
            "notes": [[note.key, _json_values(note.values)] for note in facts.notes],
            "held_out_from": facts.held_out_from,
        }
        try:
            self._file.seek(0)
            self._write_header()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.replace(pictures)
            atomic.write_text(proof, json.dumps(kept))
            images: NDArray[np.uint8] = np.load(pictures, mmap_mode="c", allow_pickle=False)
        except OSError as error:
            raise self._failed(error) from error
        prune(self._key)
        read_at_random(images)
        return DecodedPictures(np.asarray(images), facts)

    def _write_header(self) -> None:
        """Write the .npy header. Its length does not depend on the count, so `finish` can overwrite it in place."""
        described = {"descr": "|u1", "fortran_order": False, "shape": (self._count, *self._shape)}
        npy.write_array_header_1_0(self._file, described)

    def _failed(self, error: OSError) -> CacheError:
        return CacheError(error, bytes_text(10**6 + self._count * int(np.prod(self._shape))))


def prune(keep: str, most_bytes: int = MOST_BYTES) -> None:
    """Remove the least recently used data sets until the cache is within `most_bytes`, and files left by crashes.

    Args:
        keep: key of a data set that stays, whatever its size.
        most_bytes: size limit of the whole cache.
    """
    folder, now = cache_folder(), time.time()
    for temporary in folder.glob(".*.tmp"):
        if now - _changed(temporary) > ABANDONED_SECONDS:
            _removed(temporary)
    kept = sorted(folder.glob("*.npy"), key=lambda path: _changed(path.with_suffix(".json")))
    sizes = {path: _size(path) for path in kept}
    total = sum(sizes.values())
    for path in kept:
        if total > most_bytes and path.stem != keep and _removed(path.with_suffix(".json")) and _removed(path):
            total -= sizes[path]


def _paths(key: str) -> tuple[Path, Path]:
    return cache_folder() / f"{key}.npy", cache_folder() / f"{key}.json"


def _removed(path: Path) -> bool:
    """Remove a file, and tell whether it is gone: another program may use it, which Windows protects."""
    try:
        atomic.remove(path)
    except OSError:
        logger.warning("%s could not be removed from the cache.", path, exc_info=True)
        return False
    return True


def _size(path: Path) -> int:
    """Return the size of a file; 0 if another program has removed it meanwhile."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _json_values(values: tuple[tuple[str, object], ...]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in values}


def _message(key: str, values: dict[str, Any]) -> Message:
    """Restore a message from JSON; raises KeyError or TypeError for a message that this program does not know."""
    message = Message(key, **values)
    message.fill(message.template)
    return message


def _hashes(images: NDArray[np.uint8]) -> Generator[LoadingProgress, None, NDArray[np.uint8]]:
    """Hash every picture of a memory map, and release its pages on the way: uint8 [N, 32]."""
    hashes = np.empty((len(images), HASH_BYTES), np.uint8)
    step = max(1, CHECK_BYTES // max(1, images[:1].nbytes))
    for start in range(0, len(images), step):
        for index, picture in enumerate(np.asarray(images)[start : start + step], start):
            hashes[index] = np.frombuffer(picture_hash(picture), np.uint8)
        release(images)
        yield LoadingProgress(min(start + step, len(images)), len(images))
    return hashes
