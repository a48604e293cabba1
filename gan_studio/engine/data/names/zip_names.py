"""The names in a .zip as text: in UTF-8 where the archive says so, else in the character set that fits them best.

APPNOTE 6.3.10, sections 4.4.4 (bit 11), 4.6.9 (Unicode Path) and appendix D (otherwise IBM code page 437).
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

_UTF_8_FLAG = 0x800
_UNICODE_PATH = 0x7075
MOST_GUESSED_BYTES = 2**16
"""So much of the names decides on the character set."""

_COMMON = {
    "cp932": ("euc_jp", range(0xB0, 0xD0), "\u3040", "\u30ff"),
    "gbk": ("gb2312", range(0xB0, 0xD8), "\u3000", "\u3002"),
    "big5": ("big5", range(0xA4, 0xC7), "\u3000", "\u3002"),
    "cp949": ("euc_kr", range(0xB0, 0xC9), "\uac00", "\uac00"),
}
"""For each character set: where its common characters lie, as first bytes of an encoding, and a range of further ones.

The first bytes are those of the first level of JIS X 0208, GB 2312, Big5 and of the syllables of KS X 1001.
"""
_LEAST_COMMON = 0.7
"""If fewer of the characters that are not ASCII are common ones, the character set is another."""
_SURELY_KOREAN = 8
"""The syllables of KS X 1001 have first bytes that only about 0.6 of the common Chinese characters share.

If all of this many different characters have them, the names are Korean: Chinese ones do so with a chance of 0.6**8.
"""


def names_of(infos: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """Return the names of all members with slashes, and the character set that was guessed for some; "" for none."""
    unmarked = {index: raw for index, info in enumerate(infos) if (raw := _raw_name(info)) is not None}
    guessed = guess(unmarked.values()) if unmarked else ""
    names = []
    for index, info in enumerate(infos):
        name = unmarked[index].decode(guessed, "replace") if index in unmarked else _unicode_path(info) or info.filename
        names.append(name.replace("\\", "/"))
    return names, guessed


def guess(names: Iterable[bytes]) -> str:
    """Guess the character set of names: UTF-8 where they are valid, else the one of which they hold common characters.

    Returns:
        "utf-8", one of "cp932", "gbk", "big5" and "cp949", or "cp437", in which every name is valid.
    """
    sample, size = [], 0
    for name in names:
        sample.append(name)
        size += len(name)
        if size > MOST_GUESSED_BYTES:
            break
    text = b"\n".join(sample)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        shares = {charset: _common_share(text, charset) for charset in _COMMON}
        best = max(shares, key=shares.__getitem__)
        if best == "gbk" and shares["cp949"] == shares["gbk"] and _different_letters(text) >= _SURELY_KOREAN:
            best = "cp949"
        return best if shares[best] >= _LEAST_COMMON else "cp437"
    return "utf-8"


def _different_letters(text: bytes) -> int:
    return len({letter for letter in text.decode("cp949") if not letter.isascii()})


def _common_share(text: bytes, charset: str) -> float:
    """Return which share of the characters that are not ASCII are common ones of a character set, 0 to 1."""
    try:
        letters = [letter for letter in text.decode(charset) if not letter.isascii()]
    except UnicodeDecodeError:
        return 0.0
    encoding, first_bytes, low, high = _COMMON[charset]
    common = sum(low <= one <= high or one.encode(encoding, "replace")[0] in first_bytes for one in letters)
    return common / max(1, len(letters))


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    """Return the bytes of a name that the archive does not mark as UTF-8; None for ASCII and for marked names."""
    if info.flag_bits & _UTF_8_FLAG or info.filename.isascii() or _unicode_path(info):
        return None
    return info.filename.encode("cp437")  # as zipfile decoded it


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """Read a member's name in UTF-8 from its extra field; "" where there is none, or one of another name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind != _UNICODE_PATH or len(body) <= 5 or body[0] != 1 or info.flag_bits & _UTF_8_FLAG:
            continue
        if struct.unpack("<I", body[1:5])[0] == zlib.crc32(info.orig_filename.encode("cp437", "replace")):
            return body[5:].decode("utf-8", "replace").partition("\0")[0]
    return ""
