"""Download a published file: try each mirror in turn, check the MD5, and let the caller cancel at any moment."""

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
"""Seconds between two reports while the network is silent, and the longest time that a cancel takes."""
SILENCE_SECONDS = 20.0
"""Seconds without an answer after which a mirror is given up."""


class DownloadError(Exception):
    """No mirror sent the published file; `reason` says what the last one did."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def fetch(
    file: PublishedFile, mirrors: Sequence[str], before: int = 0, total: int = 0
) -> Generator[LoadingProgress, None, bytes]:
    """Download one file into memory, so that an incomplete or wrong file never reaches the disk.

    Progress counts bytes. Closing the generator ends the transfer within LOOK_SECONDS.

    Args:
        file: the file; a mirror that sends other content or more bytes is given up.
        mirrors: URLs of folders (http or https), tried in turn; at least one.
        before: bytes of earlier files, added to the progress.
        total: bytes of all files; 0 for this file alone.

    Returns:
        The bytes of the file.

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
    """Return the cause of an error: the text of urllib's URLError wraps it in brackets."""
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
    """Reads one URL in the background, so that a silent network blocks nothing else.

    The thread is a daemon, so a silent mirror does not keep the program from ending.
    """

    def __init__(self, url: str, most: int) -> None:
        super().__init__(name="download", daemon=True)
        self._url = url
        self._most = most
        self._is_cancelled = threading.Event()
        self._chunks: queue.SimpleQueue[bytes | BaseException] = queue.SimpleQueue()

    def cancel(self) -> None:
        """End the transfer after the current chunk."""
        self._is_cancelled.set()

    def next_chunk(self) -> bytes | None:
        """Return the next chunk, None after LOOK_SECONDS of silence, b"" at the end; raises the transfer's error."""
        try:
            chunk = self._chunks.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return None
        if isinstance(chunk, BaseException):
            raise chunk
        return chunk

    def run(self) -> None:
        """Queue chunks until the end, an error, a cancel, or more bytes than the file may have."""
        try:
            self._read()
        except BaseException as error:  # noqa: BLE001  (raised again in next_chunk, in the caller's thread)
            if isinstance(error, HTTPError):
                error.close()  # the error holds the connection
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
    """Return an opener for http and https only, which refuses a redirect to file: or ftp:."""
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
