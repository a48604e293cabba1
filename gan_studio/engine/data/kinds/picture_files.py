"""PictureFiles: what sources of picture files have in common, whether they lie in a folder or in an archive."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture, picture_size
from gan_studio.engine.data.names.not_read import unread_notes
from gan_studio.engine.data.names.tree import Arranged, Tree
from gan_studio.engine.data.picture_file.findings import Findings
from gan_studio.engine.text.message import Message, readable


class PictureFiles:
    """Picture files in the order of an arranged tree. A kind of source says how one is opened.

    Attributes:
        findings: what decoding found since `begin`.
    """

    is_sequential = False

    def __init__(self, tree: Tree, arranged: Arranged) -> None:
        self._names = [tree.names[index] for index in arranged.order]
        self.count = len(self._names)
        self.labels, self.class_names = arranged.labels, arranged.class_names
        self.held_out_from = arranged.held_out_from
        self.notes, self.left_out = (*arranged.notes, *unread_notes(tree)), arranged.left_out
        self.findings = Findings()

    def begin(self, *, stretches_masks: bool = False) -> None:
        """Forget what decoding found; from now on values 0 and 1 are decoded as 0 and 255, or as they are."""
        self.findings = Findings(stretches_masks=stretches_masks)

    def name(self, index: int) -> str:
        """Return the path of a file relative to the source."""
        return readable(self._names[index])

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
