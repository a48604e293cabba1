"""Bring a published file from the network: mirrors in turn, proven by its MD5, cancelled at any moment."""

import queue
import threading
import urllib.request
from collections.abc import Generator, Sequence
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from gan_studio.engine.data.known.local_copies import is_published
from gan_studio.engine.data.known.published_files import PublishedFile
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import Message

CHUNK = 262_144
"""Bytes between two reports of progress."""
LOOK_SECONDS = 0.1
"""How long a silent network may keep a cancel waiting."""
SILENCE_SECONDS = 20.0
"""After so long without an answer a mirror is given up."""


class DownloadError(Exception):
    """No mirror sent the file; `reason` says what the last one did."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def fetch(
    file: PublishedFile, mirrors: Sequence[str], before: int = 0, total: int = 0
) -> Generator[LoadingProgress, None, bytes]:
    """Fetch one file into memory, so that what is wrong or half never reaches the disk.

    Closing the generator ends the transfer within LOOK_SECONDS.

    Args:
        file: what is wanted; a mirror that sends something else, or more, is given up.
        mirrors: addresses of folders (http or https), tried in turn; at least one.
        before: bytes of earlier files, added to the progress.
        total: bytes in all; 0 means this file alone.

    Returns:
        The file's bytes. Progress counts bytes.

    Raises:
        DownloadError: no mirror sent the published file.
    """
    fault = Message("known.no_mirror")
    for mirror in mirrors:
        host = urlsplit(mirror).hostname or mirror
        try:
            content = yield from _receive(mirror + file.name, file.size, before, total or file.size)
        except (OSError, HTTPException, ValueError) as error:
            fault = Message("known.mirror_failed", host=host, error=_plain(error))
            continue
        if is_published(content, file):
            return content
        fault = Message("known.mirror_other_content", host=host, name=file.name)
    raise DownloadError(fault)


def _plain(error: Exception) -> object:
    """Return what a person can read of an error: urllib wraps the cause in brackets."""
    return error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error


def _receive(url: str, most: int, before: int, total: int) -> Generator[LoadingProgress, None, bytes]:
    transfer = _Transfer(url, most)
    transfer.start()
    content = bytearray()
    try:
        told = 0
        while (chunk := transfer.next_chunk()) != b"":
            content += chunk or b""
            if chunk is None or len(content) - told >= CHUNK:
                told = len(content)
                yield LoadingProgress(before + min(told, most), total, is_download=True)
        yield LoadingProgress(before + min(len(content), most), total, is_download=True)
    finally:
        transfer.cancel()
    return bytes(content)


class _Transfer(threading.Thread):
    """Read one address in the background, so that a silent network holds up nothing else.

    It is a daemon: a mirror that says nothing does not keep the program from ending.
    """

    def __init__(self, url: str, most: int) -> None:
        super().__init__(name="download", daemon=True)
        self._url = url
        self._most = most
        self._is_cancelled = threading.Event()
        self._chunks: queue.SimpleQueue[bytes | BaseException] = queue.SimpleQueue()

    def cancel(self) -> None:
        """End after the chunk that is under way."""
        self._is_cancelled.set()

    def next_chunk(self) -> bytes | None:
        """Return what came next: None after a silence, nothing but b"" at the end; raises what went wrong."""
        try:
            chunk = self._chunks.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return None
        if isinstance(chunk, BaseException):
            raise chunk
        return chunk

    def run(self) -> None:
        """Put chunks until the end, a fault, a cancel, or more than the file may have."""
        try:
            self._read()
        except BaseException as error:  # noqa: BLE001  (raised again in next_chunk, by whoever waits for it)
            if isinstance(error, HTTPError):
                error.close()  # it holds the connection
            self._chunks.put(error)
        else:
            self._chunks.put(b"")

    def _read(self) -> None:
        received = 0
        with _web().open(self._url, timeout=SILENCE_SECONDS) as answer:
            while received <= self._most and not self._is_cancelled.is_set() and (chunk := answer.read1(CHUNK)):
                received += len(chunk)
                self._chunks.put(chunk)


def _web() -> urllib.request.OpenerDirector:
    """Open http and https alone: a redirect to file: or ftp: is refused."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", "gan-studio")]
    return opener
