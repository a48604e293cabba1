"""Write pictures as PNG."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.files import atomic


def write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write uint8 [H, W, C], C 1, 3 or 4, as a PNG file, atomically; raises OSError as write_atomically does."""
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(buffer, "PNG")
    atomic.write_atomically(path, [buffer.getvalue()])
