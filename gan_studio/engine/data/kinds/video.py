"""A video as a source: frames spread evenly over it. Needs PyAV, the optional extra `video`."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, check_size, fit_picture
from gan_studio.engine.data.kinds.archives import file_identity
from gan_studio.engine.data.source import PictureSource, ShouldStop, never_stop, raise_if_stopped
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError, Message, reason_of

MOST_FRAMES = 10_000
"""Most frames that are used if the settings name no limit."""

_TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
REPORT_EVERY = 128
"""Frames counted between two reports of progress."""


class VideoSource(PictureSource):
    """Every k-th frame of a video, in order. Decoding runs forwards; asking for an earlier frame restarts it."""

    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    is_sequential = True
    notes: tuple[Message, ...] = ()

    def __init__(
        self, path: Path, frames: int, most: int, size: tuple[int, int], should_stop: ShouldStop = never_stop
    ) -> None:
        self._path, self._should_stop = path, should_stop
        self._every = max(1, -(-frames // (most or MOST_FRAMES)))
        self._size = size
        self._frames: Iterator[tuple[int, Any]] = iter(())
        self._next = frames
        self.count = -(-frames // self._every)

    def name(self, index: int) -> str:
        """Return the number of the frame in the video, such as "#120"."""
        return f"#{index * self._every}"

    def size(self, index: int) -> tuple[int, int] | None:
        """Return width and height of the video in pixels."""
        return self._size

    def pictures(self, indices: Sequence[int], config: DataConfig) -> Iterator[NDArray[np.uint8] | Message]:
        """Yield each frame at the size and channels of the run, or why it cannot be used."""
        for index in indices:
            try:
                yield self._fitted(self._seek(index * self._every), config)
            except UnusablePictureError as error:
                yield error.reason

    def identity(self) -> Generator[LoadingProgress, None, str]:
        """Return path, size and modification time of the video, and the distance between the selected frames."""
        yield LoadingProgress(0, self.count)
        return f"{file_identity(self._path)}\0{self._every}"

    def close(self) -> None:
        """Close the video."""
        close = getattr(self._frames, "close", None)
        if close is not None:
            close()

    def _fitted(self, frame: Any, config: DataConfig) -> NDArray[np.uint8]:
        try:
            turn = _TURNS.get(int(getattr(frame, "rotation", 0)) % 360)
            return fit_picture(frame.to_image(), config, turn)
        except (OSError, ValueError) as error:
            raise UnusablePictureError(Message("picture.damaged", error=reason_of(error))) from error

    def _seek(self, wanted: int) -> Any:
        """Decode up to a frame; raises UnusablePictureError where the video ends or is damaged before it."""
        if wanted < self._next:
            self.close()
            self._frames, self._next = _decoded(self._path), 0
        try:
            for number, frame in self._frames:
                raise_if_stopped(self._should_stop)
                self._next = number + 1
                if number == wanted:
                    return frame
        except EngineError as error:
            raise UnusablePictureError(Message("picture.damaged", error=str(error.__cause__))) from error
        self._next = wanted + 1
        raise UnusablePictureError(Message("picture.no_such_frame"))


def list_video(
    path: Path, most: int, should_stop: ShouldStop = never_stop
) -> Generator[LoadingProgress, None, VideoSource]:
    """Count the frames of a video without decoding them.

    Args:
        path: the video.
        most: highest number of frames; 0 for MOST_FRAMES.
        should_stop: called at every frame when it is decoded later; if it returns True, StoppedError is raised.

    Raises:
        EngineError: PyAV is missing, the file is not a video, or its frames are too large.
    """
    with _opened(path) as (container, stream):
        frames, size = 0, (stream.codec_context.width, stream.codec_context.height)
        for packet in container.demux(stream):
            frames += bool(packet.size)
            if frames % REPORT_EVERY == 0:
                yield LoadingProgress(0, 0)
    try:
        check_size(*size)
    except UnusablePictureError as error:
        raise _unreadable(path, error.reason) from error
    return VideoSource(path, frames, most, size, should_stop)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open a video and its first video stream."""
    try:
        import av
    except ImportError as error:
        raise EngineError(
            Message("video.no_reader"), Message("kept.nothing_begun"), Message("todo.install_video")
        ) from error
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            if not container.streams.video:
                raise _unreadable(path, Message("video.no_pictures"))
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield container, stream
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(path, reason_of(error)) from error


def _decoded(path: Path) -> Iterator[tuple[int, Any]]:
    with _opened(path) as (container, stream):
        yield from enumerate(container.decode(stream))


def _unreadable(path: Path, error: str | Message) -> EngineError:
    return EngineError(
        Message("video.unreadable", path=path, error=error),
        Message("kept.nothing_begun"),
        Message("todo.other_source"),
    )
