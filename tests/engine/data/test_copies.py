"""Near-duplicates among the pictures of a source."""

from pathlib import Path

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
    assert (copies.compared, copies.names) == (7, ("again.jpg", "small.png"))


def test_that_different_pictures_are_no_copies(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(8, 32, 32))
    (tmp_path / "bad.png").write_text("bad")
    copies = find_copies(DataConfig(source=str(tmp_path)))
    assert (copies.compared, copies.names) == (8, ())


def test_that_the_digits_of_the_starter_set_are_no_copies_of_each_other() -> None:
    assert find_copies(DataConfig(source="starter:mnist", most=200)).names == ()
