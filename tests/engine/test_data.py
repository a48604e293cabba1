"""Pictures: decoding, folders, starter sets, batches."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config import DataConfig
from gan_studio.engine.data.batches import BatchOrder
from gan_studio.engine.data.decode import UnusablePictureError, decode_picture
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.data.sources import PictureSet, fit_starter, load_pictures, starter_images
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.messages import EngineError


def load(config: DataConfig) -> tuple[PictureSet, list[LoadingProgress]]:
    """Load a source to its end."""
    loading, progress = load_pictures(config), []
    while True:
        try:
            progress.append(next(loading))
        except StopIteration as end:
            return end.value, progress


def make_picture(path: Path, size: tuple[int, int] = (40, 30), mode: str = "RGB", colour: object = "red") -> Path:
    Image.new(mode, size, colour).save(path)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp"])
def test_that_each_format_is_cropped_to_its_centre_square(tmp_path: Path, suffix: str) -> None:
    image = Image.new("RGB", (60, 30), "black")
    image.paste("white", (15, 0, 45, 30))
    image.save(tmp_path / f"wide.{suffix}", quality=100)
    pixels = decode_picture(tmp_path / f"wide.{suffix}", 32, 3)
    assert pixels.shape == (3, 32, 32)
    assert pixels[:, 4:-4, 4:-4].min() > 240


def test_that_exif_rotation_is_obeyed(tmp_path: Path) -> None:
    image = Image.new("L", (64, 64), 0)
    image.paste(255, (0, 0, 64, 32))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it rotated by 90 degrees clockwise
    image.save(tmp_path / "turned.png", exif=exif)
    pixels = decode_picture(tmp_path / "turned.png", 32, 1)[0]
    assert pixels[:, 20:].mean() > 250
    assert pixels[:, :12].mean() < 5


def test_that_transparency_is_flattened_on_white(tmp_path: Path) -> None:
    path = make_picture(tmp_path / "clear.png", mode="RGBA", colour=(0, 0, 0, 0))
    assert decode_picture(path, 32, 3).min() == 255


def test_that_sixteen_bit_grey_keeps_its_range(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    pixels = decode_picture(tmp_path / "deep.png", 32, 1)
    assert pixels.min() < 10
    assert pixels.max() > 245


def test_that_bad_files_are_named_with_a_reason_and_left_out(tmp_path: Path) -> None:
    make_picture(tmp_path / "a.png")
    make_picture(tmp_path / "b.jpg")
    (tmp_path / "below").mkdir()
    make_picture(tmp_path / "below" / "c 猫 😀.webp")
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("not a picture")
    whole = (tmp_path / "b.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "notes.txt").write_text("no picture's name, so not looked at")
    os.mkfifo(tmp_path / "pipe.png")
    pictures, progress = load(DataConfig(source=str(tmp_path), channels=3))
    assert pictures.images.shape == (3, 3, 32, 32)
    assert sorted(name for name, _ in pictures.left_out) == ["cut.jpg", "empty.png", "pipe.png", "text.jpg"]
    assert all(str(reason) for _, reason in pictures.left_out)
    assert (progress[-1].done, progress[-1].total) == (7, 7)


@pytest.mark.parametrize("side", [9_000, 11_000, 30_000])
def test_that_a_header_of_a_huge_picture_is_refused_before_decoding(tmp_path: Path, side: int) -> None:
    path = tmp_path / "huge.bmp"
    make_picture(path, (2, 2))
    data = bytearray(path.read_bytes())
    data[18:26] = side.to_bytes(4, "little") * 2
    path.write_bytes(data)
    with pytest.raises(UnusablePictureError, match="million pixels"):
        decode_picture(path, 32, 3)


def test_that_a_link_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    make_picture(tmp_path / "a.png")
    make_picture(tmp_path / "b.png")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(load(DataConfig(source=str(tmp_path)))[0].images) == 2


def test_that_a_folder_without_pictures_is_refused_in_three_parts(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        load(DataConfig(source=str(tmp_path)))
    assert str(tmp_path) in str(caught.value.happened)
    with pytest.raises(EngineError, match="no folder"):
        load(DataConfig(source=str(tmp_path / "missing")))


def test_that_the_digest_tells_other_pixels_and_other_shapes() -> None:
    images = np.zeros((4, 1, 32, 32), np.uint8)
    changed = images.copy()
    changed[3, 0, 5, 5] = 1
    digests = {PictureSet(array).digest() for array in (images, changed, images.reshape(1, 4, 32, 32))}
    assert len(digests) == 3


def test_that_starter_pictures_at_32_are_padded_and_never_enlarged() -> None:
    images = starter_images("fashion-mnist", "train")
    fitted = fit_starter(images, 32, 1)
    assert fitted.shape == (10_000, 1, 32, 32)
    assert np.array_equal(fitted[:, 0, 2:30, 2:30], images)
    assert fit_starter(images[:10], 64, 3).shape == (10, 3, 64, 64)


def test_that_a_preview_spreads_over_the_source(tmp_path: Path) -> None:
    for number in range(50):
        make_picture(tmp_path / f"{number:03d}.png", colour=(number, 0, 0))
    preview = preview_pictures(DataConfig(source=str(tmp_path), channels=3), most=5)
    assert preview.count == 50
    assert preview.images.shape == (5, 32, 32, 3)
    assert preview.images[0, 0, 0, 0] == 0
    assert preview.images[-1, 0, 0, 0] == 49


def test_that_an_epoch_shows_each_picture_once_and_batches_run_on_across_its_end() -> None:
    order = BatchOrder(10, 4, seed=3)
    seen = np.concatenate([order.indices(position) for position in range(0, 20, 4)])
    assert sorted(seen[:10]) == list(range(10))
    assert sorted(seen[10:]) == list(range(10))
    assert list(seen[:10]) != list(seen[10:])


def test_that_a_batch_depends_only_on_its_position() -> None:
    onwards = BatchOrder(10, 4, seed=3)
    for position in range(0, 40, 4):
        onwards.indices(position)
    assert np.array_equal(onwards.indices(12), BatchOrder(10, 4, seed=3).indices(12))
    assert not np.array_equal(BatchOrder(10, 4, seed=4).indices(12), onwards.indices(12))


def test_that_a_batch_may_be_larger_than_the_data() -> None:
    counts = np.bincount(BatchOrder(3, 7, seed=0).indices(0))
    assert sorted(counts) == [2, 2, 3]
