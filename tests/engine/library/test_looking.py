"""A look at pictures is given up as soon as nobody waits for it, and costs little whatever lies there."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.arrays import values
from gan_studio.engine.data.kinds import array_files, arrays, folders
from gan_studio.engine.data.looking import LOOKED_AT
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.data.source import StoppedError
from gan_studio.engine.library.looking import look
from gan_studio.engine.text.message import EngineError
from tests.engine.data.kinds.test_video import make_video
from tests.engine.pictures import load, make_folder, make_picture, noise


class Patience:
    """Waits through so many questions; counts them."""

    def __init__(self, most: int) -> None:
        self.asked, self._most = 0, most

    def is_over(self) -> bool:
        self.asked += 1
        return self.asked > self._most


def given_up(config: DataConfig, questions: int) -> bool:
    """Look, with patience for so many questions; returns whether the look was given up."""
    try:
        preview_pictures(config, should_stop=Patience(questions).is_over)
    except StoppedError:
        return True
    return False


def questions_of(config: DataConfig) -> int:
    """Count how often a whole look asks."""
    patience = Patience(1_000_000)
    preview_pictures(config, should_stop=patience.is_over)
    return patience.asked


def folder_of_other_files(place: Path) -> DataConfig:
    make_picture(place / "pictures" / "only.png")
    for number in range(3_000):
        (place / "pictures" / f"{number}.txt").touch()
    return DataConfig(source=str(place / "pictures"))


def folder_of_pictures(place: Path) -> DataConfig:
    return DataConfig(source=str(make_folder(place / "pictures", noise(60, 32, 32))))


def archive(place: Path) -> DataConfig:
    folder = make_folder(place / "in", noise(40, 32, 32))
    with zipfile.ZipFile(place / "a.zip", "w") as packed:
        for file in folder.iterdir():
            packed.write(file, file.name)
    return DataConfig(source=str(place / "a.zip"))


def floats(place: Path) -> DataConfig:
    np.save(place / "a.npy", np.linspace(0, 1, 3_000 * 32 * 32, dtype=np.float32).reshape(3_000, 32, 32))
    return DataConfig(source=str(place / "a.npy"))


def packed_array(place: Path) -> DataConfig:
    np.savez(place / "a.npz", images=noise(4_000, 32, 32))
    return DataConfig(source=str(place / "a.npz"))


def video(place: Path) -> DataConfig:
    return DataConfig(source=str(make_video(place / "a.mkv", 400)), most=4)


SOURCES = {
    "other files": (folder_of_other_files, 6 + 2),
    "pictures": (folder_of_pictures, 48),
    "archive": (archive, 48),
    "floats": (floats, 12 + 48),
    "packed array": (packed_array, 4 + 48),
    "video": (video, 300),
}
"""What is looked at, and how often at least a look at it asks whether it is still wanted."""


@pytest.mark.parametrize("name", SOURCES)
def test_that_a_look_asks_all_along_whether_it_is_still_wanted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (array_files, values):
        monkeypatch.setattr(room, "CHUNK_BYTES", 2**20)
    make, least = SOURCES[name]
    assert questions_of(make(tmp_path)) >= least


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_that_a_look_is_given_up_wherever_it_is(
    name: str, share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (array_files, values):
        monkeypatch.setattr(room, "CHUNK_BYTES", 2**20)
    config = SOURCES[name][0](tmp_path)
    assert given_up(config, int(share * questions_of(config)))


def test_that_a_folder_of_other_files_reports_while_it_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "REPORT_EVERY", 10)
    config = folder_of_other_files(tmp_path)
    assert len(list(folders.list_folder(Path(config.source)))) > 250


def test_that_a_look_that_was_given_up_is_no_fault(tmp_path: Path) -> None:
    config = folder_of_pictures(tmp_path)
    assert look(config, lambda: True) is None
    shown = look(config, lambda: False)
    assert shown is not None
    assert not isinstance(shown, NotDone)
    assert shown.count == 60


def test_that_the_starter_is_looked_at_in_the_size_it_will_be_trained_in() -> None:
    preview = preview_pictures(DataConfig(image_size=64, channels=3))
    assert preview.images.shape[1:] == (64, 64, 3)
    assert len(preview.images) > 8


@pytest.mark.parametrize("source", ["starter:nothing", "/no/such/folder"])
def test_that_a_source_that_is_not_there_is_told(source: str) -> None:
    told = look(DataConfig(source=source), lambda: False)
    assert isinstance(told, NotDone)
    assert source.rpartition(":")[2] in str(told.happened)


def test_that_a_fault_of_a_look_that_nobody_thought_of_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_studio.engine.library.looking.preview_pictures", lambda *_, **__: 1 // 0)
    fault = look(DataConfig(), lambda: False)
    assert isinstance(fault, NotDone)
    assert "ZeroDivisionError" in str(fault.happened)


def wide_floats(path: Path, shape: tuple[int, ...]) -> np.memmap:  # type: ignore[type-arg]
    """Make an array file that is empty on the disk however large it is: all of it reads as 0."""
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)


@pytest.mark.parametrize("shape", [(4_000, 64, 64), (4, 2_000, 2_000)])
def test_that_a_look_at_floats_reads_a_bounded_share_of_them(
    tmp_path: Path, shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "CHUNK_BYTES", 2**18)
    monkeypatch.setattr(values, "SAMPLE_BYTES", 2**21)
    path = tmp_path / "a.npy"
    wide_floats(path, shape)
    most = 2 * LOOKED_AT + 24 + 8 + 3  # pictures and sizes, those shown, the sample, and what comes before
    assert questions_of(DataConfig(source=str(path))) <= most


def test_that_training_looks_at_every_number_of_an_array(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "CHUNK_BYTES", 2**14)
    monkeypatch.setattr(values, "SAMPLE_BYTES", 2**15)
    path = tmp_path / "a.npy"
    array = wide_floats(path, (5, 200, 201))
    array[1, 133, 77] = 7.0
    preview_pictures(DataConfig(source=str(path)))
    with pytest.raises(EngineError, match="from 0 to 7"):
        load(DataConfig(source=str(path)))


def test_that_a_damaged_array_in_an_npz_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=noise(50, 32, 32))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[20_000] ^= 0xFF
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(EngineError, match="cannot be read"):
        load(DataConfig(source=str(tmp_path / "a.npz")))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("pack", [np.savez, np.savez_compressed])
def test_that_an_npz_is_read_as_numpy_wrote_it(
    tmp_path: Path, order: str, pack: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_files, "CHUNK_BYTES", 1_000)
    images = np.asarray(noise(7, 32, 32, 3), order=order)
    pack(tmp_path / "a.npz", images=images, labels=np.arange(7)[::-1] % 2, class_names=np.array(["a", "bcd"]))
    pictures, _ = load(DataConfig(source=str(tmp_path / "a.npz"), channels=3))
    assert np.array_equal(pictures.images.transpose(0, 2, 3, 1), images)
    assert pictures.class_names == ("a", "bcd")
    assert pictures.labels is not None
    assert pictures.labels.tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_that_very_large_pictures_of_an_array_are_fitted_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    plain = arrays.take

    def take(images: np.ndarray, indices: np.ndarray) -> np.ndarray:
        taken.append(len(indices) * images[:1].nbytes)
        return plain(images, indices)

    monkeypatch.setattr(arrays, "take", take)
    monkeypatch.setattr(arrays, "BATCH_BYTES", 100_000)
    images = noise(20, 100, 150)
    np.save(tmp_path / "a.npy", images)
    pictures, _ = load(DataConfig(source=str(tmp_path / "a.npy"), held_out=0.0))
    assert max(taken) <= 100_000
    monkeypatch.setattr(arrays, "BATCH_BYTES", 2**30)
    (tmp_path / "whole.npy").write_bytes((tmp_path / "a.npy").read_bytes())
    whole, _ = load(DataConfig(source=str(tmp_path / "whole.npy"), held_out=0.0))
    assert np.array_equal(whole.images, pictures.images)


def test_that_what_will_be_held_out_is_told_before_anything_is_read(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, noise(100, 32, 32))
    config = DataConfig(source=str(folder), held_out=0.1)
    preview = preview_pictures(config)
    assert (preview.count, preview.held_out, preview.is_held_out_about) == (100, 10, True)
    assert len(load(config)[0].held_out) == preview.held_out
    preview = preview_pictures(DataConfig())
    assert (preview.count, preview.held_out, preview.is_held_out_about) == (10_000, 1_000, False)
    assert preview_pictures(DataConfig(held_out=0.0)).held_out == 0


@pytest.mark.parametrize("is_packed", [False, True])
def test_that_a_stray_picture_beside_class_folders_is_named(tmp_path: Path, is_packed: bool) -> None:
    folder = tmp_path / "pets"
    for name in ("cat/a.png", "dog/b.png", "stray.png"):
        make_picture(folder / name)
    source = folder
    if is_packed:
        source = tmp_path / "pets.zip"
        with zipfile.ZipFile(source, "w") as packed:
            for file in sorted(folder.rglob("*.png")):
                packed.write(file, file.relative_to(tmp_path))
    preview = preview_pictures(DataConfig(source=str(source)))
    assert preview.class_names == ()
    assert "The folders are not taken as classes, because stray.png lies beside them." in map(str, preview.notes)
    if not is_packed:
        make_picture(folder / "other.png")
        preview = preview_pictures(DataConfig(source=str(source)))
        assert "2 pictures lie beside them (the first: other.png)" in str(preview.notes[0])


def test_that_folders_without_strays_and_flat_folders_need_no_note(tmp_path: Path) -> None:
    make_picture(tmp_path / "cat" / "a.png")
    make_picture(tmp_path / "cat" / "b.png")
    make_picture(tmp_path / "c.png")
    assert preview_pictures(DataConfig(source=str(tmp_path))).notes == (), "one folder is no class"
    (tmp_path / "c.png").unlink()
    make_picture(tmp_path / "dog" / "a.png")
    assert preview_pictures(DataConfig(source=str(tmp_path))).notes == ()
