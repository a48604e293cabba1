"""PictureFiles: what sources of encoded pictures have in common: a folder, an archive, a column of a table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import LeftOut, UnusablePictureError, decode_picture, picture_size
from gan_studio.engine.data.names.not_read import unread_notes
from gan_studio.engine.data.names.tree import Arranged, Tree
from gan_studio.engine.data.picture_file.findings import Findings
from gan_studio.engine.data.source import PictureSource
from gan_studio.engine.text.message import Message, readable


class PictureFiles(PictureSource):
    """Encoded pictures. A kind of source says what they are called and how one is opened.

    Attributes:
        findings: what decoding found since `begin`.
    """

    def __init__(
        self,
        count: int,
        labels: NDArray[np.int64] | None,
        class_names: tuple[str, ...],
        held_out_from: int | None,
        notes: tuple[Message, ...],
        left_out: LeftOut = (),
    ) -> None:
        self.count, self.labels, self.class_names = count, labels, class_names
        self.held_out_from, self.notes, self.left_out = held_out_from, notes, left_out
        self.findings = Findings()

    def begin(self, *, stretches_masks: bool = False) -> None:
        """Forget what decoding found; from now on values 0 and 1 are decoded as 0 and 255, or as they are."""
        self.findings = Findings(stretches_masks=stretches_masks)

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height in pixels from the header of a file."""
        try:
            return picture_size(self._file(index))
        except UnusablePictureError:
            return None

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each picture at the size and channels of the run, or why it cannot be used."""
        for index in indices:
            try:
                yield decode_picture(self._file(index), config, self.findings)
            except UnusablePictureError as error:
                yield error.reason

    def decoding_notes(self) -> tuple[Message, ...]:
        """Return what decoding found, in sentences."""
        return self.findings.notes()

    def _file(self, index: int) -> Path | BinaryIO:
        """Return a file for decoding; raises UnusablePictureError where it cannot be had."""
        raise NotImplementedError


class TreeFiles(PictureFiles):
    """Picture files in the order of an arranged tree."""

    def __init__(self, tree: Tree, arranged: Arranged) -> None:
        self._names = [tree.names[index] for index in arranged.order]
        super().__init__(
            len(self._names),
            arranged.labels,
            arranged.class_names,
            arranged.held_out_from,
            (*arranged.notes, *unread_notes(tree)),
            arranged.left_out,
        )

    def name(self, index: int) -> str:
        """Return the path of a file relative to the source."""
        return readable(self._names[index])
