"""Arrays as class labels: one number or name a picture, in every form in which people store them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.text.message import Message

MOST_NAME_BYTES = 4096
"""Limit of one label or class name in an array of text (numpy: 4 bytes a character)."""
MOST_CLASSES = 100_000
MOST_EXACT = 2.0**53
"""Whole numbers up to this size are exact as 64-bit floats."""

Labels = tuple[NDArray[np.int64], tuple[str, ...]]
"""Labels int64 [N], and the name of each class."""


def fits_labels(shape: tuple[int, ...], count: int) -> bool:
    """Tell whether a shape may hold one label for each of `count` pictures: [N], [N, 1], [1, N] or one-hot [N, k]."""
    return shape in ((count,), (1, count)) or (len(shape) == 2 and shape[0] == count)


def label_fault(shape: tuple[int, ...], kind: np.dtype[Any]) -> Message | None:
    """Return why an array cannot be labels, as far as its header tells."""
    if kind.kind not in "biufSU":
        return Message("labels.other_kind", kind=kind)
    if kind.kind in "SU" and kind.itemsize > MOST_NAME_BYTES:
        return Message("labels.long_names", most=MOST_NAME_BYTES)
    if len(shape) == 2 and shape[1] > MOST_CLASSES:
        return Message("labels.many_classes", most=MOST_CLASSES)
    return None


def is_name_list(shape: tuple[int, ...], kind: np.dtype[Any]) -> bool:
    """Tell whether an array may be a list of class names, within limits."""
    return len(shape) == 1 and shape[0] <= MOST_CLASSES and kind.kind in "SU" and kind.itemsize <= MOST_NAME_BYTES


def one_each(values: NDArray[Any]) -> NDArray[Any] | Message:
    """Return one label a picture, [N] of int64 or text, or why the values are no labels.

    Args:
        values: [N], [N, 1] or [1, N] of numbers, truth values or text, or one-hot rows [N, k].
    """
    if values.ndim == 2 and 1 not in values.shape:
        return _from_one_hot(values)
    column = values.reshape(-1)
    if column.dtype.kind == "S":
        return np.array([name.decode("utf-8", "replace") for name in column.tolist()], np.str_)
    if column.dtype.kind in "bU":
        return column.astype(np.str_)
    if column.dtype.kind == "f" and not ((abs(column) < MOST_EXACT) & (column % 1 == 0)).all():
        return Message("labels.not_whole")
    return column.astype(np.int64)


def classes_of_labels(parts: Sequence[NDArray[Any]], names: NDArray[Any] | None) -> Labels:
    """Count the classes of all parts from 0, and name them: by the class names in the file, else by themselves.

    Args:
        parts: labels of each part, [n] of int64 or of text.
        names: class names, [k] of text, or None.
    """
    labels = np.concatenate(parts) if len({part.dtype.kind for part in parts}) == 1 else _as_text(parts)
    found, numbers = np.unique(labels, return_inverse=True)
    if names is not None and labels.dtype.kind == "i" and len(found) and found[0] >= 0 and found[-1] < len(names):
        return labels.astype(np.int64), tuple(map(str, one_each(names)))  # type: ignore[arg-type]
    return numbers.astype(np.int64), tuple(str(label) for label in found)


def _from_one_hot(values: NDArray[Any]) -> NDArray[Any] | Message:
    if values.dtype.kind not in "biuf":
        return Message("labels.several", count=values.shape[1])
    is_one_hot = ((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all()
    return values.argmax(axis=1) if is_one_hot else Message("labels.several", count=values.shape[1])


def _as_text(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([part.astype(np.str_) for part in parts])
