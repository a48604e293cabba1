"""What of a folder or an archive is not read, in sentences: by the endings of names, and folder by folder."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gan_studio.engine.data.names.tree import Tree, within
from gan_studio.engine.data.picture_file.endings import ARCHIVE_ENDINGS, HEIF_ENDINGS, OTHER_PICTURE_ENDINGS
from gan_studio.engine.text.message import Message, readable

MOST_TOLD = 10
"""A note names no more endings, folders or files than this."""


def unread_notes(tree: Tree) -> tuple[Message, ...]:
    """Say which files are not read, by their endings, and which folders hold no picture for that reason."""
    endings: Counter[str] = Counter()
    for (_, ending), count in tree.unread.items():
        endings[ending] += count
    return (*_by_ending(endings), *_lost_folders(tree), *_passed_over(tree), *_links(tree))


def _by_ending(endings: Counter[str]) -> Iterator[Message]:
    without_ending = endings.pop("", 0)
    heif = {ending: endings.pop(ending) for ending in HEIF_ENDINGS & endings.keys()}
    pictures = {ending: endings.pop(ending) for ending in OTHER_PICTURE_ENDINGS & endings.keys()}
    others = {ending: count for ending, count in endings.items() if ending not in ARCHIVE_ENDINGS}
    if heif:
        yield Message("data.not_read_heif", endings=_counted(heif))
    if pictures:
        yield Message("data.not_read_picture", endings=_counted(pictures))
    if others:
        yield Message("data.not_read", endings=_counted(others))
    if without_ending:
        yield Message("data.no_ending", count=without_ending)


def _passed_over(tree: Tree) -> Iterator[Message]:
    if tree.archives:
        yield Message("data.archives_inside", names=_list(sorted(tree.archives)))
    if tree.runs:
        yield Message("data.runs_inside", names=_list(sorted(tree.runs)))


def _links(tree: Tree) -> Iterator[Message]:
    if tree.dead_links:
        yield Message("data.dead_links", names=_list(sorted(tree.dead_links)))
    if tree.ring_links:
        yield Message("data.ring_links", names=_list(sorted(tree.ring_links)))
    if tree.known_links:
        yield Message("data.known_links", names=_list(sorted(tree.known_links)))
    if tree.archive_links:
        yield Message("data.archive_links", names=_list(sorted(tree.archive_links)))


def _lost_folders(tree: Tree) -> Iterator[Message]:
    """Name the folders that hold no picture that can be read, where a folder beside them does."""
    used = {""}
    for name in tree.names:
        folder = name.rpartition("/")[0]
        while folder and folder not in used:
            used.add(folder)
            folder = folder.rpartition("/")[0]
    beside = {folder.rpartition("/")[0] for folder in used if folder}
    passed = (*tree.runs, *tree.known_links, *(name for name, _ in tree.left_out))
    lost = sorted(
        folder
        for folder in tree.folders - used
        if folder.rpartition("/")[0] in beside and not any(within(folder, place) for place in passed)
    )
    inside: dict[str, Counter[str]] = {folder: Counter() for folder in lost}
    for (folder, ending), count in tree.unread.items():
        for place in _with_parents(folder):
            if place in inside:
                inside[place][ending or "no ending"] += count
    empty = [folder for folder in lost if not inside[folder]]
    if empty:
        yield Message("data.empty_folders", names=_list(empty))
    unread = [f"{folder} ({_counted(inside[folder])})" for folder in lost if inside[folder]]
    if unread:
        yield Message("data.unread_folders", names=_list(unread))


def _with_parents(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _counted(endings: Mapping[str, int]) -> str:
    """List endings with the number of files: ".txt: 4, .json: 1"."""
    ranked = sorted(endings.items(), key=lambda entry: (-entry[1], entry[0]))
    return _list([f"{ending}: {count:,}" for ending, count in ranked])


def _list(names: Sequence[str]) -> str:
    more = ["…"] if len(names) > MOST_TOLD else []
    return ", ".join([*map(readable, names[:MOST_TOLD]), *more])
