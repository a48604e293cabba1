"""Which files are pictures: by the ending of the name, the formats that Pillow may open, and the first bytes."""

import functools
import importlib

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000")
"""Pillow's names of the formats that are read without an extra."""
PICTURE_ENDINGS = frozenset(
    (
        *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".jp2", ".j2k", ".jpf", ".jpx", ".j2c", ".jpc"),
    )
)
HEIF_ENDINGS = frozenset({".heic", ".heif", ".hif"})
"""Read where pillow-heif is installed: the extra gan-studio[heic]."""
OTHER_PICTURE_ENDINGS = frozenset(
    (
        *(".psd", ".psb", ".xcf", ".svg", ".ai", ".eps", ".ico", ".icns", ".tga", ".dds", ".exr", ".hdr", ".jxl"),
        *(".jxr", ".qoi", ".pcx", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".raw", ".dcm"),
    )
)
"""Pictures that are not read: they must be saved in another format first."""
ARCHIVE_ENDINGS = frozenset({".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst"})

SIGNATURE_BYTES = 16
_STARTS: tuple[bytes, ...] = (b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_STARTS += (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"\0\0\0\x0cjP  \r\n", b"\xff\x4f\xff\x51")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def ending_of(name: str) -> str:
    """Return the ending of a file name in lower case with its dot, such as ".png"; "" where there is none."""
    base = name.rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    return dot + ending.lower() if stem else ""


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is passed over without a word: hidden, or made by the system beside pictures."""
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "thumbs.db", "desktop.ini", "Desktop.ini")


def is_picture_ending(ending: str) -> bool:
    """Tell whether files with this ending are read as pictures on this machine."""
    return ending in PICTURE_ENDINGS or (ending in HEIF_ENDINGS and reads_heif())


def starts_like_picture(start: bytes) -> bool:
    """Tell whether the first SIGNATURE_BYTES of a file are those of a format that can be read."""
    return start.startswith(_STARTS) or start[4:8] == b"ftyp"


def is_heif(start: bytes) -> bool:
    """Tell whether the first SIGNATURE_BYTES of a file are those of a HEIC or HEIF picture (ISO 23008-12)."""
    return start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS


def open_formats() -> tuple[str, ...]:
    """Return Pillow's names of all formats that can be read on this machine."""
    return (*FORMATS, "HEIF") if reads_heif() else FORMATS


@functools.cache
def reads_heif() -> bool:
    """Tell whether pillow-heif is installed, and give Pillow its reader."""
    try:
        pillow_heif = importlib.import_module("pillow_heif")
    except ImportError:
        return False
    pillow_heif.register_heif_opener(thumbnails=False)
    return True
