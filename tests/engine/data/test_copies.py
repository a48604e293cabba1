"""Near-duplicates among the pictures of a source."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.copies import find_copies
from tests.engine.pictures import make_folder, noise


def test_that_a_picture_saved_twice_is_found_whatever_its_size_and_compression(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(5, 40, 40, 3).repeat(3, axis=1).repeat(3, axis=2))
    first = Image.open(tmp_path / "00000.png")
    first.save(tmp_path / "again.jpg", quality=60)
    first.resize((90, 90)).save(tmp_path / "small.png")
    copies = find_copies(DataConfig(source=str(tmp_path)))
    assert (copies.compared, copies.besides(())) == (7, ("again.jpg", "small.png"))


def test_that_different_pictures_are_no_copies(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(8, 32, 32))
    (tmp_path / "bad.png").write_text("bad")
    copies = find_copies(DataConfig(source=str(tmp_path)))
    assert (copies.compared, copies.besides(())) == (8, ())


def test_that_the_digits_of_the_starter_set_are_no_copies_of_each_other() -> None:
    assert find_copies(DataConfig(source="starter:mnist", most=200)).besides(()) == ()


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_that_masks_of_0_and_1_are_compared_as_black_and_white(tmp_path: Path, depth: type) -> None:
    values = (noise(12, 8, 8) > 127).astype(depth).repeat(4, axis=1).repeat(4, axis=2)
    make_folder(tmp_path, values)
    Image.fromarray(values[3]).save(tmp_path / "again.tif")
    assert find_copies(DataConfig(source=str(tmp_path))).besides(()) == ("again.tif",)


@pytest.mark.parametrize("grey", [0, 255])
def test_that_icons_of_one_colour_are_told_apart_by_their_opacity(tmp_path: Path, grey: int) -> None:
    icons = np.full((12, 32, 32, 4), grey, np.uint8)
    icons[..., 3] = noise(12, 8, 8).repeat(4, axis=1).repeat(4, axis=2)
    make_folder(tmp_path, icons)
    Image.fromarray(icons[3]).resize((64, 64)).save(tmp_path / "again.png")
    assert find_copies(DataConfig(source=str(tmp_path))).besides(()) == ("again.png",)


def test_that_colours_behind_full_transparency_do_not_tell_pictures_apart(tmp_path: Path) -> None:
    icons = noise(2, 32, 32, 4)
    icons[..., 3] = 0
    icons[:, :16] = 255
    assert find_copies(DataConfig(source=str(make_folder(tmp_path, icons)))).besides(()) == ("00001.png",)
