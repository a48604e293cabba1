"""Arrays in MATLAB's .mat files up to version 7, read by SciPy (the extra `tables`)."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays.array_sets import list_arrays, refused, unreadable
from gan_studio.engine.data.arrays.members import Member
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.kinds.arrays import ArraySource
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

_KINDS: Mapping[str, str] = {
    **{name: name for name in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64")},
    "double": "float64",
    "single": "float32",
    "logical": "bool",
}
"""NumPy's name of each of MATLAB's classes of numbers."""
SVHN_SHAPE = (32, 32, 3)
"""Shape of a picture of SVHN, whose label 10 stands for the digit 0 (http://ufldl.stanford.edu/housenumbers)."""


class MatFile:
    """The variables of a .mat file, each read into memory. Cells, structs and objects are never loaded."""

    has_names = True
    is_mapped = False

    def __init__(self, path: Path) -> None:
        """Read the names and shapes of the variables.

        Raises:
            EngineError: SciPy is missing, or the file is of version 7.3.
            Exception: the file is damaged; SciPy raises errors of many kinds.
        """
        self.path = path
        self.has_zero_as_ten = False
        try:
            found = _scipy_io(path).whosmat(str(path))
        except NotImplementedError as error:
            raise refused(path, Message("mat.version"), Message("todo.older_mat")) from error
        self.members = tuple(_member(*each) for each in found)

    def read(self, member: Member) -> Generator[LoadingProgress, None, NDArray[Any]]:
        """Read one variable. The caller has checked the free memory."""
        yield LoadingProgress(0, 0)
        array: NDArray[Any] = _scipy_io(self.path).loadmat(str(self.path), variable_names=[member.name])[member.name]
        is_digit = member.name == "y" and any(each.shape[:3] == SVHN_SHAPE for each in self.members)
        if is_digit and array.size and array.min() == 1 and array.max() == 10:
            self.has_zero_as_ten = True
            return array % 10
        return array

    def identity(self) -> str:
        """Return path, size and modification time."""
        return file_identity(self.path)


def list_mat_file(
    path: Path, config: DataConfig, *, by_sample: bool = False
) -> Generator[LoadingProgress, None, ArraySource]:
    """Read the pictures and labels of a .mat file into memory.

    Args:
        path: the file.
        config: `member` and `layout`, see `list_arrays`.
        by_sample: see `list_arrays`.

    Raises:
        EngineError: SciPy is missing, or the file is damaged, of version 7.3, or holds no pictures.
    """
    try:
        file = MatFile(path)
        source = yield from list_arrays(file, config, by_sample=by_sample)
    except (OSError, ValueError, TypeError, LookupError, EOFError, MemoryError, ArithmeticError, RuntimeError) as error:
        raise unreadable(path, error) from error
    source.notes += (Message("mat.zero_as_ten"),) if file.has_zero_as_ten else ()
    return source


def _scipy_io(path: Path) -> Any:
    try:
        import scipy.io  # a large library that few need
    except ImportError as error:
        raise refused(path, Message("table.no_reader", library="SciPy"), Message("todo.install_tables")) from error
    return scipy.io


def _member(name: str, shape: tuple[int, ...], kind: str) -> Member:
    fault = None if kind in _KINDS else Message("array.other_type", kind=kind)
    return Member(name, tuple(shape), np.dtype(_KINDS.get(kind, "object")), fault)
