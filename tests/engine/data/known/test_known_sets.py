"""Known sets: the starter sets, and copies on this machine, read within limits and without running their code."""

import ast
import gzip
import hashlib
import io
import pickle
import tarfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.data.known.known_sets import KNOWN_SETS, ArraySet, read_known
from gan_studio.engine.data.known.local_copies import dataset_folders
from gan_studio.engine.data.known.published_files import PUBLISHED, CifarSet, IdxSet, PublishedFile
from gan_studio.engine.text.message import EngineError
from gan_studio.resources import resource
from tests.engine.published import CIFAR, FASHION, MNIST, cifar_set, idx_bytes, idx_set, pickled, records, tarred

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
STARTERS = [name for name in KNOWN_SETS if name.startswith("starter:")]
PARTS = ("train", "held-out")


def read(source: str, part: str = "train", **places: object) -> ArraySet:
    """Read a known set to its end."""
    reading = read_known(source, part, **places)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            return end.value


def read_from(folder: Path, source: str, published: IdxSet | CifarSet, part: str = "train") -> ArraySet:
    """Read a made set from one folder only; its mirrors do not answer."""
    return read(source, part, folders=[folder], published={source: published})


def constants_of_torchvision(module: str, name: str) -> dict[str, object]:
    """Read the constants of a class in torchvision.datasets without importing it, which takes seconds.

    Args:
        module: the module below torchvision.datasets.
        name: the class.
    """
    spec = find_spec("torchvision")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse((Path(spec.origin).parent / "datasets" / f"{module}.py").read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    assigned = [node for node in body if isinstance(node, ast.Assign)]
    return {ast.unparse(node.targets[0]): ast.literal_eval(node.value) for node in assigned}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("source", STARTERS)
def test_that_a_starter_set_is_what_its_entry_says(source: str, part: str):
    known, pictures = KNOWN_SETS[source], read(source, part)
    channels = pictures.images.shape[3:] or (1,)
    assert pictures.images.dtype == np.uint8
    assert pictures.labels.dtype == np.int64
    assert (*pictures.images.shape[1:3], *channels) == (known.image_size, known.image_size, known.channels)
    assert pictures.class_names == known.class_names
    assert set(pictures.labels) == set(range(len(known.class_names)))


@pytest.mark.parametrize("source", STARTERS)
def test_that_no_held_out_picture_of_a_starter_set_is_trained_on(source: str):
    train, held_out = ({image.tobytes() for image in read(source, part).images} for part in PARTS)
    assert train.isdisjoint(held_out)
    assert len(held_out) >= len(train) // 11


@pytest.mark.parametrize("source", STARTERS)
def test_that_a_starter_set_names_its_digests_and_keeps_its_notice(source: str):
    folder = resource("starter", source.removeprefix("starter:"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for part in PARTS:
        assert hashlib.sha256((folder / f"{part}.npz").read_bytes()).hexdigest() in readme
    assert "opyright" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_that_the_emoji_stay_small_enough_to_ship():
    assert sum(file.stat().st_size for file in resource("starter", "emoji").iterdir()) < 12_000_000


def test_that_every_known_set_has_a_title():
    assert all(str(known.title) for known in KNOWN_SETS.values())


def test_that_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(EngineError) as caught:
        read("starter:nothing")
    assert "starter:emoji" in str(caught.value.todo)


def test_that_the_chosen_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GAN_STUDIO_DATASETS", str(tmp_path))
    assert dataset_folders()[0] == tmp_path


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs the Debian package dataset-fashion-mnist")
def test_that_the_real_files_of_a_distribution_are_used():
    pictures = read(FASHION, "held-out")
    assert pictures.images.shape == (10_000, 28, 28)
    assert (np.bincount(pictures.labels) == 1000).all()


@pytest.mark.parametrize(("source", "name"), [(MNIST, "MNIST"), (FASHION, "FashionMNIST")])
def test_that_idx_files_and_mirrors_are_those_of_torchvision(source: str, name: str):
    published, theirs = PUBLISHED[source], constants_of_torchvision("mnist", name)
    files = [(file.name, file.md5) for part in PARTS for file in published.files[part]]
    assert files == theirs["resources"]
    assert list(published.mirrors) == theirs["mirrors"]


def test_that_the_pickles_of_cifar_are_those_of_torchvision():
    published, theirs = PUBLISHED[CIFAR], constants_of_torchvision("cifar", "CIFAR10")
    for part, name in zip(PARTS, ("train_list", "test_list"), strict=True):
        assert [[file.name, file.md5] for file in published.batches[part]] == theirs[name]
    assert (published.python.name, published.python.md5) == (theirs["filename"], theirs["tgz_md5"])
    assert theirs["url"] == published.mirrors[0] + published.python.name


@pytest.mark.parametrize("zipped", [(), ("images",), ("images", "labels")])
def test_that_idx_files_are_read_gzipped_or_not(tmp_path: Path, zipped: tuple[str, ...]):
    published, contents = idx_set()
    for file in published.files["held-out"]:
        content, is_zipped = contents[file.name], any(word in file.name for word in zipped)
        place = tmp_path / "MNIST" / "raw" / (file.name if is_zipped else file.name.removesuffix(".gz"))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if is_zipped else gzip.decompress(content))
    pictures = read_from(tmp_path, MNIST, published, "held-out")
    assert pictures.labels.tolist() == [0, 1, 2, 3]
    assert pictures.images[:, 0, 0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(idx_bytes(np.zeros((4, 27, 28), np.uint8))),
        gzip.compress(idx_bytes(np.zeros((5, 28, 28), np.uint8))),
        gzip.compress(idx_bytes(np.zeros((4, 28, 28), np.uint8)))[:-6],
        gzip.compress(bytes(50_000_000)),
    ],
    ids=["empty", "not packed", "other shape", "too many", "cut short", "bomb"],
)
def test_that_a_damaged_copy_is_named_when_there_is_no_other(tmp_path: Path, content: bytes):
    published, contents = idx_set()
    images, labels = published.files["held-out"]
    place = tmp_path / "MNIST" / "raw"
    place.mkdir(parents=True)
    (place / images.name).write_bytes(content)
    (place / labels.name).write_bytes(contents[labels.name])
    with pytest.raises(EngineError) as caught:
        read_from(tmp_path, MNIST, published, "held-out")
    assert str(place / images.name) in str(caught.value.happened)
    assert images.name in str(caught.value.todo)
    assert str(place) in str(caught.value.todo)


def test_that_a_damaged_copy_is_passed_over_for_a_whole_one(tmp_path: Path):
    published, contents = idx_set()
    for name, damaged in (("first", True), ("second", False)):
        place = tmp_path / name / "MNIST" / "raw"
        place.mkdir(parents=True)
        for file in published.files["train"]:
            (place / file.name).write_bytes(b"damaged" if damaged else contents[file.name])
    folders = [tmp_path / "first", tmp_path / "second"]
    assert len(read(MNIST, folders=folders, published={MNIST: published}).images) == 20


@pytest.mark.parametrize("form", ["records", "packed records", "pickles", "packed pickles"])
def test_that_every_form_of_cifar_gives_the_same_pictures(tmp_path: Path, form: str):
    published, binary, python = cifar_set()
    match form:
        case "packed records":
            (tmp_path / published.binary.name).write_bytes(tarred(binary))
        case "packed pickles":
            (tmp_path / published.python.name).write_bytes(tarred(python))
        case _:
            for name, content in (binary if form == "records" else python).items():
                (tmp_path / name).parent.mkdir(exist_ok=True)
                (tmp_path / name).write_bytes(content)
    pictures = read_from(tmp_path, CIFAR, published)
    assert pictures.images.shape == (4, 32, 32, 3)
    assert pictures.labels.tolist() == [0, 1, 2, 3]
    assert pictures.images[3, 0, 1].tolist() == [13, 113, 213]
    assert read_from(tmp_path, CIFAR, published, "held-out").labels.tolist() == [4, 5]


class Canary:
    """An object whose pickle writes a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return Path.write_text, (self.target, "sings")


@pytest.mark.parametrize("md5_matches", [True, False])
def test_that_a_pickle_that_would_run_something_never_runs(tmp_path: Path, md5_matches: bool):
    song = tmp_path / "song"
    canary = pickle.dumps({"data": Canary(song), "labels": [0, 1]}, protocol=2)
    digest = hashlib.md5(canary).hexdigest() if md5_matches else "0" * 32
    published = CifarSet(
        (), PublishedFile("b.tar.gz", "", 0), PublishedFile("p.tar.gz", "", 0),
        {"train": (PublishedFile("batch", digest, len(canary)),), "held-out": ()}, 2,
    )  # fmt: skip
    (tmp_path / "cifar-10-batches-py").mkdir()
    (tmp_path / "cifar-10-batches-py" / "batch").write_bytes(canary)
    with pytest.raises(EngineError, match="batch"):
        read_from(tmp_path, CIFAR, published)
    assert not song.exists()
    pickle.loads(canary)
    assert song.exists(), "the canary would have sung"


def test_that_a_batch_with_another_label_is_refused(tmp_path: Path):
    published, _, _ = cifar_set()
    (tmp_path / "cifar-10-batches-bin").mkdir()
    for batch in published.batches["train"]:
        (tmp_path / "cifar-10-batches-bin" / f"{batch.name}.bin").write_bytes(records(np.array([0, 10])))
    with pytest.raises(EngineError, match=r"data_batch_1\.bin"):
        read_from(tmp_path, CIFAR, published)


def test_that_an_archive_with_a_huge_member_is_refused(tmp_path: Path):
    _, binary, _ = cifar_set()
    first = next(iter(binary))
    archive = tarred({**binary, first: bytes(10_000_000)})
    published, _, _ = cifar_set(binary_archive=archive)
    (tmp_path / published.binary.name).write_bytes(archive)
    with pytest.raises(EngineError, match="not the file that was published"):
        read_from(tmp_path, CIFAR, published)


def test_that_a_link_out_of_an_archive_is_not_followed(tmp_path: Path):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        link = tarfile.TarInfo("cifar-10-batches-bin/data_batch_1.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    published, _, _ = cifar_set(binary_archive=packed.getvalue())
    (tmp_path / published.binary.name).write_bytes(packed.getvalue())
    with pytest.raises(EngineError, match=r"cannot be read|not the file"):
        read_from(tmp_path, CIFAR, published)


def test_that_a_made_pickle_is_written_as_the_published_ones_are():
    batch = pickle.loads(pickled(np.array([3, 1])), encoding="latin1")
    assert batch["data"].shape == (2, 3072)
    assert batch["labels"] == [3, 1]
