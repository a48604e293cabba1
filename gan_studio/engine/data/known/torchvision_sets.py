"""Reading the sets named `torchvision:...`, from a copy on this machine or a download; torchvision is not used."""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import get_args

from gan_studio.engine.data.known.cifar_files import cifar_copies, record_files, unpack
from gan_studio.engine.data.known.idx_files import idx_copies
from gan_studio.engine.data.known.local_copies import Copy, Pictures, UnusableCopyError
from gan_studio.engine.data.known.published_files import CifarSet, IdxSet, Part, PublishedFile, PublishedSet
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.files.atomic import write_atomically
from gan_studio.engine.text.message import EngineError, Message


def read_torchvision(
    source: str, published: PublishedSet, part: Part, folders: Sequence[Path]
) -> Generator[LoadingProgress, None, Pictures]:
    """Read one part of a set from the first usable copy, else download it into the first folder.

    Unusable copies are skipped. The error names them if there is no other copy and no download.

    Raises:
        EngineError: no copy can be used, and none can be downloaded or saved.
    """
    faults: list[Message] = []
    pictures = _first_usable(published, part, folders, faults)
    if pictures is None:
        yield from _download(source, published, part, folders[0], faults)
        pictures = _first_usable(published, part, folders[:1], faults)
    if pictures is None:
        raise _not_to_be_had(source, published, folders[0], faults)
    return pictures


def _first_usable(
    published: PublishedSet, part: Part, folders: Sequence[Path], faults: list[Message]
) -> Pictures | None:
    for folder in folders:
        for read in _copies(published, folder, part):
            try:
                return read()
            except UnusableCopyError as error:
                faults.append(error.reason)
    return None


def _copies(published: PublishedSet, folder: Path, part: Part) -> Iterator[Copy]:
    match published:
        case IdxSet():
            return idx_copies(published, folder, part)
        case CifarSet():
            return cifar_copies(published, folder, part)


def _download(
    source: str, published: PublishedSet, part: Part, folder: Path, faults: list[Message]
) -> Generator[LoadingProgress, None, None]:
    from gan_studio.engine.data.known.download import (  # loads network and TLS modules, which would slow the start
        DownloadError,
        fetch,
    )

    files, place = _needed(published, part, folder)
    total = sum(file.size for file in files)
    before = 0
    for file in files:
        try:
            content = yield from fetch(file, published.mirrors, before, total)
        except DownloadError as error:
            raise _not_to_be_had(source, published, folder, [*faults, error.reason]) from error
        before += file.size
        _save(source, published, place, file, content)


def _needed(published: PublishedSet, part: Part, folder: Path) -> tuple[Sequence[PublishedFile], Path]:
    """Return the files to download, and the folder where they belong."""
    match published:
        case IdxSet():
            return published.files[part], folder / published.folders[0]
        case CifarSet():
            return [published.binary], folder


def _save(source: str, published: PublishedSet, place: Path, file: PublishedFile, content: bytes) -> None:
    """Save a checked file. The archive of CIFAR-10 is unpacked, because its files are quicker to read."""
    path = place / file.name
    try:
        match published:
            case IdxSet():
                contents = {path: content}
            case CifarSet():
                unpacked = unpack(content, record_files(published), path)
                contents = {place / name: records for name, records in unpacked.items()}
        for target, whole in contents.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, [whole])
    except OSError as error:
        raise EngineError(
            Message("known.not_saved", source=source, folder=place, error=error),
            Message("kept.nothing_begun"),
            Message("todo.free_disk"),
        ) from error


def _not_to_be_had(source: str, published: PublishedSet, folder: Path, faults: Sequence[Message]) -> EngineError:
    needed = [_needed(published, part, folder) for part in get_args(Part)]
    names = dict.fromkeys(file.name for files, _ in needed for file in files)
    reason = faults[-1] if len(faults) == 1 else Message("known.two_faults", first=faults[0], last=faults[-1])
    return EngineError(
        Message("known.not_to_be_had", source=source, reason=reason),
        Message("kept.nothing_begun"),
        Message("todo.connect_or_put_files", files=", ".join(names), folder=needed[0][1]),
    )
