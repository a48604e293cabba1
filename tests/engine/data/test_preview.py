"""The preview of a source: pictures spread over it, with counts, classes, sizes and unusable files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.cache import cache_folder
from gan_studio.engine.data.kinds.folders import FolderSource
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.text.message import EngineError, Message
from tests.engine.pictures import load, make_folder, make_picture, noise


def test_that_a_preview_spreads_over_the_source(tmp_path: Path):
    for number in range(50):
        make_picture(tmp_path / f"{number:03d}.png", colour=(number, 0, 0))
    preview = preview_pictures(DataConfig(source=str(tmp_path), channels=3), most=5)
    assert preview.count == 50
    assert preview.images.shape == (5, 32, 32, 3)
    assert preview.images[0, 0, 0, 0] == 0
    assert preview.images[-1, 0, 0, 0] == 49


def test_that_a_preview_counts_the_classes(tmp_path: Path):
    for name, count in (("cat", 3), ("dog", 5)):
        make_folder(tmp_path / name, noise(count, 32, 32))
    preview = preview_pictures(DataConfig(source=str(tmp_path)))
    assert (preview.class_names, preview.class_counts) == (("cat", "dog"), (3, 5))
    preview = preview_pictures(DataConfig(source=str(tmp_path), classes="dog"))
    assert (preview.count, preview.class_names, preview.class_counts) == (5, ("dog",), (5,))


def test_that_a_preview_names_the_smallest_and_the_largest_size(tmp_path: Path):
    for size in ((40, 30), (10, 20), (300, 7), (50, 60)):
        make_picture(tmp_path / f"{size[0]}.png", size)
    (tmp_path / "bad.png").write_text("bad")
    preview = preview_pictures(DataConfig(source=str(tmp_path)))
    assert preview.sizes == (10, 20, 50, 60)
    assert [name for name, _ in preview.left_out] == ["bad.png"]


def test_that_a_preview_without_one_good_picture_is_empty(tmp_path: Path):
    (tmp_path / "bad.png").write_text("bad")
    preview = preview_pictures(DataConfig(source=str(tmp_path)))
    assert preview.images.shape == (0, 32, 32, 1)
    assert (preview.count, preview.sizes) == (1, None)


def test_that_a_picture_that_can_no_longer_be_decoded_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_folder(tmp_path, noise(5, 32, 32))
    decode = FolderSource.pictures

    def without_third(source: FolderSource, indices: Sequence[int], config: DataConfig):
        for index, picture in zip(indices, decode(source, indices, config), strict=True):
            yield Message("picture.unreadable") if index == 2 and config.channels == 1 else picture

    monkeypatch.setattr(FolderSource, "pictures", without_third)
    preview = preview_pictures(DataConfig(source=str(tmp_path), channels=1))
    assert len(preview.images) == len(preview.originals) == len(preview.names) == len(preview.original_sizes) == 4
    files = sorted(each.name for each in tmp_path.iterdir())
    assert preview.names == (*files[:2], *files[3:])


def test_that_a_starter_set_is_shown_as_it_is_trained_on():
    preview = preview_pictures(DataConfig())
    assert preview.count == 10_000
    assert preview.class_counts == (1000,) * 10
    assert preview.sizes == (28, 28, 28, 28)
    assert len(preview.images) == 24


def test_that_a_look_downloads_nothing():
    preview = preview_pictures(DataConfig(source="torchvision:cifar10", channels=3))
    assert (preview.count, preview.images.shape, preview.sizes) == (0, (0, 32, 32, 3), None)


def test_that_a_look_at_floats_says_how_they_were_understood(tmp_path: Path):
    np.save(tmp_path / "a.npy", np.linspace(-1, 1, 32 * 32 * 5).reshape(5, 32, 32))
    assert "-1 as black" in str(preview_pictures(DataConfig(source=str(tmp_path / "a.npy"))).notes[1])


def test_that_a_look_decodes_nothing_into_the_cache(tmp_path: Path):
    make_folder(tmp_path, noise(3, 32, 32))
    preview_pictures(DataConfig(source=str(tmp_path)))
    assert not cache_folder().exists() or not any(cache_folder().iterdir())


def test_that_a_look_at_nothing_is_refused(tmp_path: Path):
    with pytest.raises(EngineError, match="no folder"):
        preview_pictures(DataConfig(source=str(tmp_path / "missing")))


def masks(count: int) -> np.ndarray:
    return (noise(count, 8, 8) > 127).astype(np.uint8)


def test_that_a_preview_shows_masks_as_a_run_reads_them_beside_one_other_picture(tmp_path: Path):
    values = masks(150)
    values[1] *= 2
    config = DataConfig(source=str(make_folder(tmp_path, values)))
    preview = preview_pictures(config, most=64)
    assert "00001.png" not in preview.names, "the other picture is none of those looked at"
    assert (preview.images.max(), preview.notes) == (1, load(config)[0].notes)


def test_that_a_preview_shows_masks_as_a_run_reads_them_beside_a_held_out_part_of_other_values(tmp_path: Path):
    make_folder(tmp_path / "train", masks(6))
    make_folder(tmp_path / "test", masks(3) * 255)
    config = DataConfig(source=str(tmp_path))
    preview, (pictures, _) = preview_pictures(config), load(config)
    assert preview.images.max() == pictures.images[pictures.train].max() == 1
    assert preview.notes == pictures.notes
