"""Select the pictures that a run uses, and hold some of them out from training."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.known.published_files import Part
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.text.message import EngineError, Message

HASH_BYTES = 32
LEAST_HELD_OUT, ENOUGH_TO_HOLD_OUT = 500, 5_000
"""From ENOUGH_TO_HOLD_OUT pictures on, at least LEAST_HELD_OUT are held out (unless the share is 0)."""

PART_NAMES: Mapping[str, Part] = {
    **dict.fromkeys(("train", "training", "tr", "trn"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev", "eval", "evaluation"), "held-out"),
    **dict.fromkeys(
        ("test", "testing", "te", "tst", "t10k", "heldout", "holdout", "publictest", "privatetest"), "held-out"
    ),
}
"""Names by which people call the part to train on and the parts to judge by, in lower case."""

NAME_BREAK = "|"
"""Stands between the names in `data.leave_out`. A name that holds it, or spaces at an end, stands in quotation marks.

As in CSV, a quotation mark within quotation marks is doubled.
"""
_ONE_NAME = re.compile(r'\s*"((?:[^"]|"")+)"\s*(?:\||$)|([^|]*)(?:\||$)')
"""A quoted name, or one as it is, and the break or the end after it."""

MOST_NAMES_SHOWN = 50
"""An error lists no more class names than this."""


@dataclass(frozen=True)
class Selection:
    """The pictures of a source that the settings select.

    Attributes:
        indices: int64 [n], in the order of the source.
        labels: int64 [n], indices into class_names, or None.
        class_names: the selected classes; () without labels.
        held_out_from: position in `indices` where the source's own held-out part begins, or None.
        notes: what became of the pictures that a person left out, in sentences.
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    held_out_from: int | None
    notes: tuple[Message, ...] = ()

    @property
    def count(self) -> int:
        """Number of selected pictures, without the source's own held-out part."""
        return len(self.indices) if self.held_out_from is None else self.held_out_from

    @property
    def class_counts(self) -> tuple[int, ...]:
        """Number of selected pictures in each class, counted as in `count`; () without labels."""
        if self.labels is None:
            return ()
        return tuple(np.bincount(self.labels[: self.count], minlength=len(self.class_names)).tolist())


def part_of(name: str) -> Part | None:
    """Return the part that a folder, a file or one word of a name stands for, in any letter case; None for no part."""
    return PART_NAMES.get(name.casefold())


def select_pictures(source: PictureSource, config: DataConfig) -> Selection:
    """Select pictures by class and without those left out by hand; of these, at most `config.most`, evenly spread.

    This limit does not apply to the source's own held-out part.

    Raises:
        EngineError: a class does not exist, or classes are selected where there are no labels.
    """
    wanted = _wanted_classes(source, config)
    indices = np.arange(source.count, dtype=np.int64)
    if wanted is not None and source.labels is not None:
        indices = indices[np.isin(source.labels, wanted)]
    indices, notes = _without(source, indices, left_out_by_hand(config))
    border = source.count if source.held_out_from is None else source.held_out_from
    seen, kept_away = indices[indices < border], indices[indices >= border]
    if config.most and len(seen) > config.most:
        seen = seen[spread(len(seen), config.most)]
    indices = np.concatenate([seen, kept_away]) if config.held_out else seen
    names, labels = source.class_names, None
    if source.labels is not None:
        labels = source.labels[indices]
        if wanted is not None:
            names, labels = tuple(names[label] for label in wanted), np.searchsorted(wanted, labels)
    return Selection(indices, labels, names, None if source.held_out_from is None else len(seen), notes)


def left_out_by_hand(config: DataConfig) -> tuple[str, ...]:
    """Return the names of the pictures that a person left out, in alphabetical order."""
    found = _ONE_NAME.findall(config.leave_out)
    return tuple(sorted({quoted.replace('""', '"') or plain.strip() for quoted, plain in found} - {""}))


def leaving_out(config: DataConfig, names: Iterable[str]) -> str:
    """Return the setting that also leaves out `names`."""
    return NAME_BREAK.join(_quoted(name) for name in sorted({*left_out_by_hand(config), *names}))


def _quoted(name: str) -> str:
    is_plain = NAME_BREAK not in name and name == name.strip() and not name.startswith('"')
    return name if is_plain else '"' + name.replace('"', '""') + '"'


def spread(count: int, most: int) -> NDArray[np.int64]:
    """Return up to `most` evenly spread indices below `count`, with the first and the last: int64 [n]."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def hold_out(hashes: NDArray[np.uint8], share: float) -> NDArray[np.bool_]:
    """Choose the held-out pictures by their content, so that names and order of the files do not matter.

    The pictures with the lowest hashes are held out. Copies of one picture stay on the same side. If there are
    more copies than places left, all of them are trained on.

    Args:
        hashes: uint8 [N, 32], the SHA-256 of each picture.
        share: share of held-out pictures, 0 to 0.5; see `held_out_count`.

    Returns:
        bool [N], True for each held-out picture.
    """
    left, is_held_out = held_out_count(len(hashes), share), np.zeros(len(hashes), np.bool_)
    names = hashes.view(f"S{HASH_BYTES}").ravel()
    order, first = np.argsort(names), 0
    while left and first < len(names):
        end = int(np.searchsorted(names, names[order[first]], "right", sorter=order))
        if end - first <= left:
            is_held_out[order[first:end]] = True
            left -= end - first
        first = end
    return is_held_out


def held_out_count(count: int, share: float) -> int:
    """Return how many of `count` different pictures are held out.

    That is `share` of them, but at least 500 if there are 5 000 or more. A share of 0 holds out none.
    """
    held_out = round(share * count)
    return max(held_out, LEAST_HELD_OUT) if share and count >= ENOUGH_TO_HOLD_OUT else held_out


def picture_hash(picture: NDArray[np.uint8]) -> bytes:
    """Return the SHA-256 of a picture's pixels: 32 bytes."""
    return hashlib.sha256(np.ascontiguousarray(picture).data).digest()


def digest_of(
    shape: tuple[int, ...], hashes: NDArray[np.uint8], labels: NDArray[np.int64] | None, class_names: tuple[str, ...]
) -> str:
    """Return one SHA-256 over a whole data set: its shape, picture hashes, labels and class names, in hexadecimal."""
    digest = hashlib.sha256(repr((shape, class_names)).encode())
    digest.update(np.ascontiguousarray(hashes).data)
    if labels is not None:
        digest.update(np.ascontiguousarray(labels, dtype="<i8").data)
    return digest.hexdigest()


def _without(
    source: PictureSource, indices: NDArray[np.int64], names: Collection[str]
) -> tuple[NDArray[np.int64], tuple[Message, ...]]:
    """Remove the pictures with some names, and say how many there were and which names no picture has."""
    if not names:
        return indices, ()
    found = {int(index): source.name(int(index)) for index in indices}
    removed = [index for index, name in found.items() if name in names]
    notes = [Message("data.left_out_by_hand", count=len(removed))] if removed else []
    unknown = set(names).difference(found.values())
    if unknown:  # some may be in classes that are not selected
        unknown.difference_update(map(source.name, range(source.count)))
    notes += [Message("data.not_there", name=name) for name in sorted(unknown)]
    return indices[~np.isin(indices, removed)], tuple(notes)


def _wanted_classes(source: PictureSource, config: DataConfig) -> NDArray[np.int64] | None:
    asked = [name.strip() for name in config.classes.split(",") if name.strip()]
    if not asked:
        return None
    if source.labels is None:
        raise EngineError(
            Message("data.no_classes", source=config.source),
            Message("kept.nothing_begun"),
            Message("todo.no_class_filter"),
        )
    return np.array(sorted({_class_number(name, source.class_names, config.source) for name in asked}), np.int64)


def _class_number(asked: str, names: tuple[str, ...], source: str) -> int:
    """Find a class by its exact name, else by its name in any letter case, else by its number."""
    if asked in names:
        return names.index(asked)
    found = [index for index, name in enumerate(names) if name.casefold() == asked.casefold()]
    if len(found) == 1:
        return found[0]
    if asked.isascii() and asked.isdigit() and int(asked) < len(names):
        return int(asked)
    raise EngineError(
        Message("data.no_such_class", source=source, name=asked),
        Message("kept.nothing_begun"),
        Message("todo.choose_class", names=", ".join(shown_names(names))),
    )


def lost_classes(counts: Sequence[int], names: Sequence[str]) -> Iterator[Message]:
    """Name the classes of which no picture is trained on: none can be used, or all are held out.

    Args:
        counts: number of pictures to train on in each class.
        names: the classes, or () without labels.
    """
    lost = [name for name, count in zip(names, counts, strict=False) if not count]
    if lost:
        yield Message("data.classes_without_pictures", names=", ".join(shown_names(lost)))


def shown_names(names: Sequence[str]) -> Iterator[str]:
    """Yield names for a sentence: the first MOST_NAMES_SHOWN, and an ellipsis for the others."""
    yield from names[:MOST_NAMES_SHOWN]
    if len(names) > MOST_NAMES_SHOWN:
        yield "…"
