"""The frames of a video as pictures, with and without PyAV."""

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load


def make_video(path: Path, frames: int = 40, codec: str = "mpeg4", title: str = "") -> Path:
    """Write a video whose frames get brighter, from black to white."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as container:
        container.metadata["title"] = title
        stream = container.add_stream(codec, rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            pixels = np.full((48, 64, 3), 255 * number // (frames - 1), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "mpeg4"), ("mkv", "mpeg4"), ("avi", "mjpeg"), ("mov", "mpeg4")])
def test_that_all_frames_of_a_short_video_are_pictures_in_order(tmp_path: Path, suffix: str, codec: str):
    make_video(tmp_path / f"a.{suffix}", codec="mpeg4")
    pictures, progress = load(DataConfig(source=str(tmp_path / f"a.{suffix}")))
    brightness = pictures.images.reshape(len(pictures.images), -1).mean(1)
    assert len(brightness) == 40
    assert (np.diff(brightness) > 0).all()
    assert progress[-1].done == 40


def test_that_frames_are_spread_evenly_up_to_the_highest_count(tmp_path: Path):
    make_video(tmp_path / "a.mp4")
    pictures, _ = load(DataConfig(source=str(tmp_path / "a.mp4"), most=10))
    brightness = pictures.images.reshape(10, -1).mean(1)
    assert np.abs(np.diff(brightness) - 4 * 255 / 39).max() < 8


def test_that_a_preview_shows_frames_and_their_count(tmp_path: Path):
    make_video(tmp_path / "a.mkv")
    preview = preview_pictures(DataConfig(source=str(tmp_path / "a.mkv")), most=6)
    assert (len(preview.images), preview.count, preview.sizes) == (6, 40, (64, 48, 64, 48))


@pytest.mark.parametrize("suffix", ["avi", "mkv"])
def test_that_tags_that_are_no_utf_8_are_no_obstacle(tmp_path: Path, suffix: str):
    path = make_video(tmp_path / f"a.{suffix}", title="cafe au lait")
    content = path.read_bytes()
    assert b"cafe au lait" in content
    path.write_bytes(content.replace(b"cafe au lait", b"caf\xe9 au lait"))
    pictures, _ = load(DataConfig(source=str(path)))
    assert len(pictures.images) == 40


def test_that_a_file_that_is_no_video_is_refused(tmp_path: Path):
    pytest.importorskip("av")
    (tmp_path / "a.mp4").write_bytes(b"not a video")
    with pytest.raises(EngineError, match=r"a\.mp4"):
        load(DataConfig(source=str(tmp_path / "a.mp4")))


def test_that_a_video_that_was_cut_short_gives_what_it_has(tmp_path: Path):
    whole = make_video(tmp_path / "a.mkv", 200).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    pictures, _ = load(DataConfig(source=str(tmp_path / "cut.mkv")))
    assert 2 <= len(pictures.images) < 200


def test_that_without_pyav_a_video_is_refused_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.mp4").write_bytes(b"anything")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(EngineError, match="PyAV") as caught:
        load(DataConfig(source=str(tmp_path / "a.mp4")))
    assert 'pip install "gan-studio[video]"' in str(caught.value.todo)
