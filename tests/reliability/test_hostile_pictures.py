"""Pictures that mean harm: valid ones with bytes changed, decoded or refused in words, in bounded memory."""

import io
import json
import struct
import subprocess
import sys
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture
from gan_studio.engine.data.picture_file.endings import FORMATS
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
CONFIGS = [
    DataConfig(source="x", channels=channels, fit=fit)  # type: ignore[arg-type]
    for channels, fit in ((1, "crop"), (3, "border"), (4, "stretch"))
]
MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "JPEG": ("L", "RGB", "CMYK"), "WEBP": ("RGB", "RGBA")}
MODES |= {"GIF": ("L", "P"), "BMP": ("1", "L", "P", "RGB"), "PPM": ("1", "L", "RGB", "I;16"), "AVIF": ("RGB", "RGBA")}
MODES |= {"TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16", "F"), "JPEG2000": ("L", "RGB", "RGBA")}
WITHOUT_EXIF = ("GIF", "BMP", "PPM", "JPEG2000")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
TIFF_COMPRESSIONS = ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
MOST_BYTES = 600 * 2**20
"""Memory that decoding may take beyond what the program itself has; 64 million pixels of three bytes, and a copy."""


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Make valid pictures of a format in every mode, with EXIF data, and an animation where there is such."""
    grey = np.random.default_rng(0).integers(0, 256, (24, 33), np.uint8)
    found = []
    for mode in MODES[kind]:
        image = in_mode(grey, mode)
        exif = image.getexif()
        exif[0x0112] = 6
        buffer = io.BytesIO()
        image.save(buffer, kind, **({} if kind in WITHOUT_EXIF else {"exif": exif}))
        found.append(buffer.getvalue())
    more = [{"icc_profile": PROFILE}] if kind in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF") else []
    more += [{"compression": name} for name in TIFF_COMPRESSIONS] if kind == "TIFF" else []
    for options in more:
        buffer = io.BytesIO()
        in_mode(grey, "RGB").save(buffer, kind, **options)
        found.append(buffer.getvalue())
    if kind in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        buffer = io.BytesIO()
        frames = [Image.fromarray(np.roll(grey, shift)) for shift in (1, 2)]
        Image.fromarray(grey).save(buffer, kind, save_all=True, append_images=frames)
        found.append(buffer.getvalue())
    return tuple(found)


def in_mode(grey: np.ndarray, mode: str) -> Image.Image:
    """Bring uint8 [H, W] to a mode of Pillow; floats go from 0 to 1."""
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    if mode == "F":
        return Image.fromarray(grey.astype(np.float32) / 255)
    if mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(Image.fromarray(grey).convert("RGB"), srgb, lab, outputMode="LAB")
    return Image.fromarray(grey).convert(mode)


def tiff(*entries: tuple[int, int, int]) -> bytes:
    """Make a TIFF of (tag, type, value) entries and a few bytes of pixels."""
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(4 + 64)


GREY_TIFF = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 200, 277: 1, 278: 8, 279: 64}
"""Width, height, bits, compression, photometric, strip, samples, rows of a strip, bytes of it (TIFF 6.0, section 8)."""


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({256: 60_000, 257: 60_000}, "picture.too_large"),
        ({322: 60_000, 323: 60_000, 324: 200, 325: 64, 259: 8}, "picture.too_large"),
        ({322: 2**31, 323: 2**31, 324: 200, 325: 64, 259: 8}, "picture.too_large"),
        ({259: 34_925}, "picture.other_compression"),
        ({259: 50_001}, "picture.other_compression"),
        ({277: 60_000}, "picture.not_a_picture"),
        ({278: 2**32 - 1, 279: 2**32 - 1, 259: 8}, "picture.damaged"),
    ],
)
def test_that_a_tiff_that_asks_for_too_much_is_refused_before_it_is_decoded(
    changed: dict[int, int], reason: str
) -> None:
    content = tiff(*((tag, 4, value) for tag, value in (GREY_TIFF | changed).items()))
    tracemalloc.start()
    with pytest.raises(UnusablePictureError) as caught:
        decode_picture(io.BytesIO(content), CONFIGS[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason.key == reason
    assert peak < 2**24


@st.composite
def spoilt(draw: st.DrawFn, kind: str) -> bytes:
    """Change bytes of a valid picture, cut it, double a part of it, or put a part of another format in."""
    content = bytearray(draw(st.sampled_from(seeds(kind))))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(content) - 1))
        match draw(st.sampled_from(["set", "flip", "long", "cut", "double", "graft"])):
            case "set":
                content[place] = draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
            case "flip":
                content[place] ^= 1 << draw(st.integers(0, 7))
            case "long":
                content[place : place + 4] = draw(st.sampled_from([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)]))
            case "cut":
                del content[place + 1 :]
            case "double":
                content[place:place] = content[place : place + draw(st.integers(1, 64))]
            case "graft":
                other = draw(st.sampled_from(seeds(draw(st.sampled_from(FORMATS)))))
                content[place:place] = other[: draw(st.integers(1, 64))]
    return bytes(content)


def decoded(content: bytes, config: DataConfig) -> bool:
    """Decode; either a picture of the right shape comes back, or a reason in words."""
    try:
        pixels = decode_picture(io.BytesIO(content), config)
    except UnusablePictureError as error:
        words = str(error.reason)
        assert words
        return False
    assert pixels.dtype == np.uint8
    assert pixels.shape == (config.channels, config.image_size, config.image_size)
    return True


@pytest.mark.parametrize("kind", FORMATS)
def test_that_the_seeds_are_pictures(kind: str) -> None:
    assert all(decoded(content, config) for content in seeds(kind) for config in CONFIGS)


@pytest.mark.parametrize("kind", FORMATS)
@given(data=st.data())
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=120)
def test_that_no_picture_raises_anything_but_a_reason(kind: str, data: st.DataObject) -> None:
    assert decoded(data.draw(spoilt(kind)), data.draw(st.sampled_from(CONFIGS))) in (True, False)


def test_that_decoding_takes_bounded_memory_and_never_ends_the_program(ledger: Page) -> None:
    """A fresh process, because its memory is measured and a decoder may end it."""
    count = ledger.amount(150, 10_000)
    command = [sys.executable, "-W", "ignore", "-m", "tests.reliability.spoilt_pictures", str(count)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(done.stdout)
    assert told["refused"] > 0
    assert told["bytes"] < MOST_BYTES
    ledger.injected(11, "a picture with bytes changed", told["decoded"] + told["refused"])
