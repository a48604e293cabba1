"""`gan-studio sample`: sheets, array files and folders of pictures, and what is refused."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_studio.__main__ import main
from gan_studio.api import load_run
from gan_studio.engine.latent import fixed_z
from gan_studio.engine.run.folder import RunFolder
from tests.engine.commands import answer_of, refusal_of
from tests.engine.references import References
from tests.engine.runs import tiny


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("cli") / "run"
    references.copy_to(place)
    return place


def images_of(path: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with np.load(path, allow_pickle=False) as archive:
        images: np.ndarray[Any, np.dtype[np.uint8]] = archive["images"]
    return images


def test_that_a_sheet_is_as_large_as_its_pictures(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    answer = answer_of(capsys, "sample", run, "--count", "9", "--out", tmp_path / "sheet.png")
    assert answer == {"out": str(tmp_path / "sheet.png"), "count": 9, "step": 12}
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (96, 96)
        first = np.asarray(sheet)[:32, :32]
    assert np.array_equal(first, load_run(run).sample(1)[0, :, :, 0])


def test_that_an_array_file_holds_pictures_and_their_z(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    answer_of(capsys, "sample", run, "--count", "5", "--seed", "3", "--out", tmp_path / "five.npz")
    with np.load(tmp_path / "five.npz", allow_pickle=False) as archive:
        images, z = archive["images"], archive["z"]
    assert (images.dtype, images.shape) == (np.uint8, (5, 32, 32, 1))
    assert (z.dtype, z.shape) == (np.float32, (5, 8))
    assert np.array_equal(z, fixed_z(5, 8, "normal", 3))
    assert np.array_equal(images, load_run(run).draw(z))


def test_that_a_folder_gets_one_picture_a_seed(capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path) -> None:
    answer_of(capsys, "sample", run, "--count", "3", "--seed", "7", "--out", tmp_path / "many")
    assert sorted(path.name for path in (tmp_path / "many").iterdir()) == [
        "seed-000007.png",
        "seed-000008.png",
        "seed-000009.png",
    ]
    with Image.open(tmp_path / "many" / "seed-000008.png") as picture:
        assert np.array_equal(np.asarray(picture), load_run(run).sample(1, seed=8)[0, :, :, 0])


def test_that_a_seed_gives_the_same_picture_however_many_are_drawn(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    for count, seed in ((1, 6), (3, 5), (300, 0)):
        answer_of(capsys, "sample", run, "--count", count, "--seed", seed, "--out", tmp_path / f"{count}.npz")
    few, three, many = (images_of(tmp_path / f"{count}.npz") for count in (1, 3, 300))
    assert np.array_equal(few[0], three[1])
    assert np.array_equal(few[0], many[6])
    assert len(many) == 300


def test_that_an_earlier_generator_can_be_asked(capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path) -> None:
    answer = answer_of(capsys, "sample", run, "--checkpoint", "4", "--out", tmp_path / "early.npz")
    assert answer["step"] == 4
    assert np.array_equal(images_of(tmp_path / "early.npz"), load_run(run, step=4).sample(64))


def test_that_real_pictures_are_the_data_as_the_networks_see_it(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    answer_of(capsys, "sample", run, "--real", "--count", "6", "--out", tmp_path / "real.npz")
    images = images_of(tmp_path / "real.npz")
    assert (images.dtype, images.shape) == (np.uint8, (6, 32, 32, 1))
    assert not images[:, :2].any()  # 28 pixels in 32: padded, never enlarged
    assert images.std() > 30


def test_that_a_step_nobody_kept_is_refused_with_those_that_are(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    told = refusal_of(capsys, "sample", run, "--checkpoint", "5", "--out", tmp_path / "x.png")
    assert "0, 1, 2, 4, 8, 12" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["--count", "0"],
        ["--count", "-4"],
        ["--seed", "-1"],
        ["--seed", str(2**64)],
        ["--seed", str(2**64 - 1), "--count", "2"],
        ["--checkpoint", "best"],
        ["--checkpoint", "first"],
    ],
)
def test_that_what_cannot_be_drawn_is_refused_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path, arguments: list[str]
) -> None:
    refusal_of(capsys, "sample", run, "--out", tmp_path / "x.png", *arguments)
    assert not (tmp_path / "x.png").exists()


def test_that_a_kind_of_file_that_cannot_be_written_is_answered_with_those_that_can(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    told = refusal_of(capsys, "sample", run, "--out", tmp_path / "sheet.jpg")
    assert "name a .png or .npz file, or a folder" in told
    assert list(tmp_path.iterdir()) == []


def test_that_a_checkpoint_that_is_no_step_is_refused_by_its_name(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    told = refusal_of(capsys, "sample", run, "--checkpoint", "best", "--out", tmp_path / "sheet.png")
    assert "no checkpoint called best" in told
    assert "-1" not in told


@pytest.mark.parametrize("name", ["gone/sheet.png", "gone/array.npz", "file/folder"])
def test_that_a_place_that_cannot_be_written_is_refused(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert name in refusal_of(capsys, "sample", run, "--count", "1", "--out", tmp_path / name)


def test_that_a_snapshot_is_drawn_from_without_its_run(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    moment = RunFolder(run).snapshots()[1]
    alone = Path(shutil.copy(RunFolder(run).snapshot(moment), tmp_path / "alone.safetensors"))
    for number, place in enumerate((RunFolder(run).snapshot(moment), alone)):
        answer_of(capsys, "sample", place, "--count", "4", "--out", tmp_path / f"{number}.npz")
        expected = load_run(run, step=moment.step).sample(4)
        assert np.array_equal(images_of(tmp_path / f"{number}.npz"), expected)
    newest = RunFolder(run).checkpoint(RunFolder(run).checkpoints()[-1])
    answer_of(capsys, "sample", newest, "--count", "4", "--out", tmp_path / "newest.npz")
    assert np.array_equal(images_of(tmp_path / "newest.npz"), load_run(run).sample(4))


def test_that_what_a_file_of_weights_cannot_answer_is_refused(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    snapshot, out = RunFolder(run).snapshot(RunFolder(run).snapshots()[0]), tmp_path / "x.png"
    for arguments, words in (
        ((snapshot, "--real"), "neither checkpoints to choose from nor real pictures"),
        ((snapshot, "--checkpoint", "4"), "neither checkpoints to choose from nor real pictures"),
        ((tmp_path / "netG.pth",), "must be imported first"),
        ((tmp_path / "gone.safetensors",), "cannot be used"),
    ):
        assert words in refusal_of(capsys, "sample", *arguments, "--out", out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("count", "name", "words"),
    [(1_000_001, "x.npz", "at most 1,000,000"), (1_000_000, "x.png", "at this size it holds 262,144")],
)
def test_that_the_limits_of_counts_are_told_before_anything_is_drawn_in_vain(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path, count: int, name: str, words: str
) -> None:
    assert words in refusal_of(capsys, "sample", run, "--count", count, "--out", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_that_long_drawing_shows_how_far_it_is(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gan_studio.cli.picture_files.LINE_SECONDS", -1.0)
    assert main(["sample", str(run), "--count", "300", "--out", str(tmp_path / "a.npz")]) == 0
    assert capsys.readouterr().err.splitlines() == ["drawn: 256 of 300", "drawn: 300 of 300"]


def test_that_an_array_file_is_what_numpy_writes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, references: References
) -> None:
    place = references.path(tiny(model__conditional=True, training__steps=2))
    answer_of(capsys, "sample", place, "--count", "300", "--out", tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert archive.files == ["images", "z", "blend"]
        assert np.array_equal(archive["images"], load_run(place).sample(300))
        assert np.array_equal(archive["blend"].argmax(1), np.arange(300) % 10)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
