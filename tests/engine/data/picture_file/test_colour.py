"""Colours come out as sRGB, whatever profile or gamma a picture of any format states."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import decode_picture
from gan_studio.engine.data.picture_file.findings import Findings

ADOBE = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
"""XYZ of the primaries of Adobe RGB (1998)."""


def profile(*primaries: tuple[float, ...], gamma: float = 2.2) -> bytes:
    """Make a profile (ICC.1:2001-04) of three primaries and a curve, or of grey where there are no primaries."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, int(gamma * 256)) + bytes(2)
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)}
    tags |= {b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249)}
    for name, values in zip((b"r", b"g", b"b"), primaries, strict=False):
        tags |= {name + b"XYZ": b"XYZ " + bytes(4) + fixed(*values), name + b"TRC": curve}
    tags |= {} if primaries else {b"kTRC": curve}
    start, table, data = 132 + 12 * len(tags), b"", b""
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    head = struct.pack(">I", start + len(data)) + b"lcms" + struct.pack(">I", 0x02100000)
    head += b"mntr" + (b"RGB " if primaries else b"GRAY") + b"XYZ " + bytes.fromhex("07e800010001000000000000")
    head += b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + data


def smooth() -> Image.Image:
    """Draw a picture whose colours change slowly, so that JPEG keeps them; none is outside Adobe RGB."""
    down, right = np.mgrid[40:200:32j, 60:220:32j]
    return Image.fromarray(np.stack([down, right, (down + right) / 2], -1).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **({"lossless": True} if kind == "WEBP" else {"quality": 100}), **options)
    return file


def decoded(file: io.BytesIO, channels: int = 3) -> tuple[np.ndarray, list[str]]:
    findings = Findings()
    pixels = decode_picture(file, DataConfig.model_validate({"channels": channels}), findings)
    return pixels.astype(int), [str(note) for note in findings.notes()]


def difference(pixels: np.ndarray, image: Image.Image) -> int:
    there = np.asarray(image, np.int16)
    return int(np.abs(pixels - (there[None] if there.ndim == 2 else there.transpose(2, 0, 1))).max())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_that_a_profile_is_obeyed_in_every_format(kind: str, channels: int):
    wide = profile(*ADOBE, gamma=1.4)
    there = ImageCms.profileToProfile(
        smooth(), ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(wide))
    )
    del there.info["icc_profile"]
    options = {"subsampling": "4:4:4"} if kind in ("JPEG", "AVIF") else {}
    pixels, notes = decoded(encoded(there, kind, icc_profile=wide, **options), channels)
    right = smooth().convert("L") if channels == 1 else smooth()
    assert difference(pixels[:3], right) <= 15
    assert difference(decoded(encoded(there, kind, **options), channels)[0][:3], right) > 30, "without the profile"
    assert notes == ["Converted to sRGB, because they have another colour profile or gamma: 1 of the 1 pictures read."]


def test_that_opacity_outlives_a_profile():
    image = smooth()
    image.putalpha(128)
    pixels, notes = decoded(encoded(image, "PNG", icc_profile=profile(*ADOBE)), 4)
    assert (pixels[3] == 128).all()
    assert len(notes) == 1


def test_that_the_profile_of_a_grey_picture_is_obeyed():
    grey = Image.new("L", (32, 32), 100)
    pixels, notes = decoded(encoded(grey, "PNG", icc_profile=profile(gamma=1.0)), 1)
    assert pixels[0, 0, 0] == pytest.approx(168, abs=3), "100/255 of the light"
    assert len(notes) == 1


def test_that_cielab_is_read():
    lab = ImageCms.profileToProfile(
        smooth(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    file = io.BytesIO()
    lab.save(file, "TIFF")
    pixels, _ = decoded(file)
    assert difference(pixels, smooth()) <= 20


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_that_srgb_is_not_converted(kind: str):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert decoded(encoded(smooth(), kind, icc_profile=srgb))[1] == []


@pytest.mark.parametrize(
    "spoilt", [b"nonsense" * 40, profile(*ADOBE)[:200], profile(gamma=2.2)], ids=["nonsense", "cut", "grey"]
)
def test_that_a_profile_that_is_damaged_or_does_not_fit_is_told_and_ignored(spoilt: bytes):
    pixels, notes = decoded(encoded(smooth(), "PNG", icc_profile=spoilt))
    assert difference(pixels, smooth()) == 0
    assert notes == ["A colour profile that is damaged or does not fit was ignored in 1 of the 1 pictures read."]


def with_chunks(*chunks: tuple[bytes, bytes]) -> io.BytesIO:
    """Make a PNG with these chunks after its header."""
    content = encoded(Image.new("RGB", (32, 32), (100, 100, 100)), "PNG").getvalue()
    more = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return io.BytesIO(content[:33] + more + content[33:])


LINEAR = (b"gAMA", struct.pack(">I", 100_000))
ADOBE_POINTS = (31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000)


def test_that_the_gamma_of_a_png_is_obeyed():
    pixels, notes = decoded(with_chunks(LINEAR))
    assert pixels[0, 0, 0] == pytest.approx(168, abs=1), "100/255 of the light"
    assert len(notes) == 1


def test_that_the_primaries_of_a_png_are_obeyed_and_grey_stays_grey():
    points = (b"cHRM", struct.pack(">8I", *ADOBE_POINTS))
    pixels, notes = decoded(with_chunks((b"gAMA", struct.pack(">I", 45_455)), points))
    assert len(set(pixels[:, 0, 0].tolist())) == 1
    assert len(notes) == 1


@pytest.mark.parametrize(
    "chunks",
    [[(b"gAMA", struct.pack(">I", 45_455))], [(b"sRGB", b"\0"), LINEAR]],
    ids=["the plain gamma", "sRGB wins"],
)
def test_that_the_colours_of_most_png_files_stay_as_they_are(chunks: list[tuple[bytes, bytes]]):
    pixels, notes = decoded(with_chunks(*chunks))
    assert pixels[0, 0, 0] == 100
    assert notes == []


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", bytes(4))],
        [LINEAR, (b"cHRM", bytes(32))],
        [LINEAR, (b"cHRM", struct.pack(">8I", *[31_270, 32_900] * 4))],
        [(b"gAMA", b"\xff" * 4)],
    ],
)
def test_that_a_gamma_or_primaries_without_meaning_are_told_and_ignored(chunks: list[tuple[bytes, bytes]]):
    pixels, notes = decoded(with_chunks(*chunks))
    assert pixels[0, 0, 0] == 100
    assert "damaged" in notes[0]
