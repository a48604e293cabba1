"""Pictures that mean harm: valid ones with bytes changed, decoded or refused in words, in bounded memory."""

import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.decode import FORMATS, UnusablePictureError, decode_picture
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
CONFIGS = [
    DataConfig(source="x", channels=channels, fit=fit)  # type: ignore[arg-type]
    for channels, fit in ((1, "crop"), (3, "border"), (4, "stretch"))
]
MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"), "JPEG": ("L", "RGB", "CMYK"), "WEBP": ("RGB", "RGBA")}
MODES |= {"GIF": ("L", "P"), "BMP": ("1", "L", "P", "RGB")}
MOST_BYTES = 600 * 2**20
"""Memory that decoding may take beyond what the program itself has; 64 million pixels of three bytes, and a copy."""


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Make valid pictures of a format in every mode, with EXIF data, and an animation where there is such."""
    grey = np.random.default_rng(0).integers(0, 256, (24, 33), np.uint8)
    found = []
    for mode in MODES[kind]:
        image = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(grey).convert(mode)
        exif = image.getexif()
        exif[0x0112] = 6
        buffer = io.BytesIO()
        image.save(buffer, kind, **({} if kind in ("GIF", "BMP") else {"exif": exif}))
        found.append(buffer.getvalue())
    if kind in ("GIF", "WEBP", "PNG"):
        buffer = io.BytesIO()
        frames = [Image.fromarray(np.roll(grey, shift)) for shift in (1, 2)]
        Image.fromarray(grey).save(buffer, kind, save_all=True, append_images=frames)
        found.append(buffer.getvalue())
    return tuple(found)


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
