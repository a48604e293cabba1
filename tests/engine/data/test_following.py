"""Settings that follow the pictures: channels, size, and who decides."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gan_studio.engine.config.files import read_config
from gan_studio.engine.config.presets import left_to_pictures, load_preset, shipped_preset_names
from gan_studio.engine.config.schema import DataConfig, RunConfig, stated_paths, with_values
from gan_studio.engine.data.following import follow, size_for
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.looking import known_nature, nature_of
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import make_folder, noise

CHANNELS, SIZE = "data.channels", "data.image_size"


def with_alpha(count: int, opacity: int) -> NDArray[np.uint8]:
    pictures = noise(count, 20, 20, 4)
    pictures[..., 3] = opacity
    return pictures


@pytest.mark.parametrize(
    ("pictures", "channels"),
    [
        (noise(9, 30, 20), 1),
        (np.repeat(noise(9, 30, 20, 1), 3, axis=3), 1),
        (noise(9, 30, 20, 3), 3),
        (with_alpha(9, 255), 3),
        (with_alpha(9, 90), 4),
    ],
    ids=["grey", "grey saved as colour", "colour", "opaque", "transparent"],
)
def test_that_the_channels_keep_what_the_pictures_show(
    tmp_path: Path, pictures: NDArray[np.uint8], channels: int
) -> None:
    folder = make_folder(tmp_path, pictures)
    nature = looked_at(DataConfig(source=str(folder)))
    assert (nature.channels, nature.side, nature.looked_at) == (channels, 20, 9)
    assert preview_pictures(DataConfig(source=str(folder))).nature == nature


def test_that_one_picture_in_colour_among_grey_ones_keeps_its_colours(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(20, 20, 20))
    Image.new("RGB", (20, 20), "red").save(tmp_path / "red.png")
    assert looked_at(DataConfig(source=str(tmp_path))).channels == 3


def test_that_a_few_transparent_pictures_are_flattened(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(20, 20, 20, 3))
    make_folder(tmp_path, with_alpha(4, 0), prefix="z")
    assert looked_at(DataConfig(source=str(tmp_path))).channels == 3


def test_that_the_colours_of_a_jpeg_of_a_grey_picture_are_not_colour(tmp_path: Path) -> None:
    for number, grey in enumerate(noise(5, 64, 64)):
        Image.fromarray(grey).convert("RGB").save(tmp_path / f"{number}.jpg", quality=40)
    assert looked_at(DataConfig(source=str(tmp_path))).channels == 1


def test_that_pictures_without_one_good_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_text("bad")
    with pytest.raises(EngineError, match="Fewer than two"):
        looked_at(DataConfig(source=str(tmp_path)))


def test_that_a_preset_on_its_own_pictures_decides_everything() -> None:
    for name in shipped_preset_names():
        preset = load_preset(name)
        assert not left_to_pictures(preset, preset.config.data.source)
        known = known_nature(preset.config.data.source)
        assert known.channels == KNOWN_SETS[preset.config.data.source].channels


def test_that_other_pictures_decide_what_neither_a_person_nor_the_preset_stated() -> None:
    quickstart, paper = load_preset("quickstart"), load_preset("paper")
    assert left_to_pictures(quickstart, "frogs") == {CHANNELS, SIZE}
    assert left_to_pictures(paper, "frogs") == {CHANNELS}
    assert left_to_pictures(quickstart, "frogs", {CHANNELS}) == {SIZE}


def test_that_a_file_states_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text('seed = 3\n[data]\nsource = "frogs"\nchannels = 1\n')
    assert stated_paths(read_config(tmp_path / "run.toml")) == {"seed", "data.source", CHANNELS}


def test_that_what_was_taken_is_one_sentence() -> None:
    config, nature = RunConfig(), known_nature("starter:emoji")
    followed, taken = follow(config, nature, {CHANNELS, SIZE})
    assert followed == with_values(config, {CHANNELS: 3, SIZE: 64})
    assert str(taken) == "Taken from the pictures: colour, 3 channels, 64 × 64 px."
    assert str(follow(config, nature, {SIZE})[1]) == "Taken from the pictures: 64 × 64 px."
    assert follow(config, nature, ()) == (config, None)


def test_that_pictures_of_28_and_32_pixels_are_trained_at_32() -> None:
    assert [size_for(side) for side in (16, 28, 32, 47, 48, 64, 600)] == [32, 32, 32, 32, 64, 64, 64]


def test_that_progress_is_told_while_pictures_are_listed_for_a_look(tmp_path: Path) -> None:
    make_folder(tmp_path, noise(3, 20, 20))
    assert list(nature_of(DataConfig(source=str(tmp_path)))) == [LoadingProgress(0, 0)]


def looked_at(config: DataConfig) -> Nature:
    """Find out what pictures are like, without the progress."""
    looking = nature_of(config)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            nature: Nature = end.value
            return nature
