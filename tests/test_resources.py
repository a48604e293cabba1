"""The files that come with the program are found however it was installed, and are what they say."""

import hashlib
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

from gan_studio.resources import resource

ROOT = Path(__file__).parent.parent
STARTER = ("starter", "fashion-mnist")
FIND_STARTER = "from gan_studio.resources import resource; print(resource('starter', 'fashion-mnist', 'train.npz'))"


def install(version: str, folder: Path) -> Path:
    """Build a wheel of the checkout ("standard" or "editable") and unpack it as pip would; return the place."""
    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder / "dist"), versions=[version])))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def found_from(site_packages: Path) -> Path:
    """Ask a Python that sees only this installation (its .pth files included) where the starter data is."""
    program = f"import site; site.addsitedir({str(site_packages)!r}); {FIND_STARTER}"
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=site_packages, check=True, capture_output=True, text=True
    )
    return Path(answer.stdout.strip())


def test_that_an_installed_wheel_finds_its_own_copy(tmp_path: Path):
    """A fresh process, because the program is imported from elsewhere."""
    site_packages = install("standard", tmp_path)
    found = found_from(site_packages)
    assert found.is_relative_to(site_packages)
    assert found.read_bytes() == resource(*STARTER, "train.npz").read_bytes()


def test_that_an_installed_wheel_carries_every_resource_and_its_licence(tmp_path: Path):
    site_packages = install("standard", tmp_path)
    in_checkout = {path.relative_to(ROOT / "resources") for path in (ROOT / "resources").rglob("*") if path.is_file()}
    carried = site_packages / "gan_studio" / "_resources"
    assert {path.relative_to(carried) for path in carried.rglob("*") if path.is_file()} == in_checkout
    licences = [ROOT / "LICENSE", *(ROOT / "resources").rglob("LICENSE")]
    assert len(list(site_packages.glob("*.dist-info/licenses/**/LICENSE"))) == len(licences)


def test_that_an_editable_install_finds_the_checkout(tmp_path: Path):
    """A fresh process, because the program is imported from elsewhere."""
    assert found_from(install("editable", tmp_path)) == (ROOT / "resources").joinpath(*STARTER, "train.npz")


def test_that_a_missing_resource_is_named():
    with pytest.raises(FileNotFoundError, match="no-such-thing"):
        resource("starter", "no-such-thing")


@pytest.mark.parametrize(("name", "per_class"), [("train.npz", 1000), ("held-out.npz", 100)])
def test_that_starter_data_is_balanced_and_plain(name: str, per_class: int):
    with np.load(resource(*STARTER, name), allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    assert images.dtype == labels.dtype == np.uint8
    assert images.shape == (10 * per_class, 28, 28)
    assert Counter(labels.tolist()) == dict.fromkeys(range(10), per_class)
    assert np.ptp(images.reshape(len(images), -1), axis=1).min() > 0


def test_that_no_held_out_picture_is_trained_on():
    pictures = {}
    for name in ("train.npz", "held-out.npz"):
        with np.load(resource(*STARTER, name), allow_pickle=False) as arrays:
            pictures[name] = {image.tobytes() for image in arrays["images"]}
    assert pictures["train.npz"].isdisjoint(pictures["held-out.npz"])


@pytest.mark.parametrize("name", ["train.npz", "held-out.npz"])
def test_that_the_readme_of_the_starter_data_names_its_digests(name: str):
    digest = hashlib.sha256(resource(*STARTER, name).read_bytes()).hexdigest()
    assert digest in resource(*STARTER, "README.md").read_text(encoding="utf-8")


def test_that_the_starter_data_keeps_its_notice():
    text = resource(*STARTER, "LICENSE").read_text(encoding="utf-8")
    assert "2017 Zalando SE" in text
    assert "The above copyright notice and this permission notice shall be included" in text
