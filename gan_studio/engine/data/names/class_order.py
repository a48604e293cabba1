"""The order of classes: a run keeps the numbers of its classes where another version counts otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.data.split import digest_of


def earlier_digests(
    shape: tuple[int, ...], hashes: NDArray[np.uint8], labels: NDArray[np.int64] | None, names: tuple[str, ...]
) -> Mapping[tuple[str, ...], str]:
    """Return the digests that earlier versions gave to labelled pictures, by their order of the classes.

    They numbered the classes in alphabetical order, and saw no classes inside a single folder: the order ().

    Args:
        shape: of all pictures, [N, C, S, S].
        hashes: uint8 [N, 32], see `digest_of`.
        labels: int64 [N], indices into `names`, or None.
        names: the classes in the order of today.
    """
    if labels is None:
        return {}
    found: dict[tuple[str, ...], str] = {(): digest_of(shape, hashes, None, ())}
    order = tuple(sorted(names))
    if order != names:
        found[order] = digest_of(shape, hashes, renumbered(labels, names, order), order)
    return found


def renumbered(labels: NDArray[np.int64], names: Sequence[str], order: Sequence[str]) -> NDArray[np.int64]:
    """Return labels, indices into `names`, numbered by another order of the same names: int64 [N]."""
    numbers = np.array([order.index(name) for name in names], np.int64)
    renumbered: NDArray[np.int64] = numbers[labels]
    return renumbered


def order_of_run(earlier: Mapping[tuple[str, ...], str], before: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the order in which a run numbered its classes, if that is an order of an earlier version; else None.

    Args:
        earlier: what `earlier_digests` returned for the pictures now.
        before: the facts in run.toml. Where the pictures changed since, the classes named there give the order.
    """
    known = {digest: order for order, digest in earlier.items()}
    named = tuple(before.get("classes", ()))
    return known.get(str(before.get("digest")), named if named and named in earlier else None)
