"""Pictures to PNG files."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.files import atomic


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Encode uint8 [H, W, 1 or 3] as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(buffer, "PNG")
    return buffer.getvalue()


def write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write uint8 [H, W, 1 or 3] as a PNG file, atomically; raises OSError as write_atomically does."""
    atomic.write_atomically(path, [png_bytes(pixels)])
