"""Pictures of numpy, drawn by Qt."""

import numpy as np
import pytest

from gan_studio.ui.widgets.array_image import pixmap_of, thinned


@pytest.mark.parametrize("shape", [(8192, 4096, 1), (640, 8192, 3), (200, 100, 4), (1000, 1000)])
def test_that_a_preview_is_made_of_few_pixels_and_enough_of_them(shape: tuple[int, ...]) -> None:
    picture = np.zeros(shape, np.uint8)
    longer = max(thinned(picture, 144).shape[:2])
    assert min(max(shape), 2 * 144) <= longer < 4 * 144
    assert thinned(picture, 144).ndim == picture.ndim


def test_that_a_preview_has_the_shape_and_the_colours_of_its_picture() -> None:
    sheet = np.zeros((4096, 2048, 3), np.uint8)
    sheet[2048:] = (255, 0, 0)
    preview = pixmap_of(sheet, 64, 1.0).toImage()
    assert (preview.width(), preview.height()) == (32, 64)
    assert [preview.pixelColor(16, y).name() for y in (10, 50)] == ["#000000", "#ff0000"]
