"""Moment: a place in a run's history, and the name of its files."""

from pathlib import Path
from typing import NamedTuple


class Moment(NamedTuple):
    """A place in a run's history: a step of one of its branches."""

    branch: int
    step: int

    @property
    def stem(self) -> str:
        """Name of files of this moment, without suffix."""
        return f"b{self.branch}-step-{self.step:09d}"

    @classmethod
    def of_file(cls, path: Path) -> "Moment":
        """Read the moment from a file's name; raises ValueError for any other name."""
        branch, separator, step = path.stem.partition("-step-")
        digits = (branch[1:], step)
        if not (separator and all(text.isascii() and text.isdecimal() and len(text) < 18 for text in digits)):
            raise ValueError(path.name)
        moment = cls(int(branch[1:]), int(step))
        if moment.stem != path.stem:
            raise ValueError(path.name)
        return moment
