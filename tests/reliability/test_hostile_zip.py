"""Archives that mean harm: read in place, so that nothing of them ever reaches the disk."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_set import read_pictures
from tests.reliability.ledger import Page

NAMES = (
    "../above.png",
    "/absolute.png",
    "C:\\drive.png",
    "a/../../b.png",
    "A.png",
    "a.png",
    "a.png:stream.png",
    "con.png",
)
"""Names that would lie elsewhere, over each other, or on a device, if anything were unpacked."""


def picture(grey: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (8, 8), grey).save(content, "PNG")
    return content.getvalue()


def everything_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "pictures" not in path.parts}


@pytest.mark.parametrize("kind", ["names", "link", "encrypted"])
def test_that_nothing_of_an_archive_reaches_the_disk(tmp_path: Path, kind: str, own_home: Path, ledger: Page) -> None:
    path = tmp_path / "inner" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(NAMES):
            archive.writestr(zipfile.ZipInfo(name), picture(20 * number))
        if kind == "link":
            link = zipfile.ZipInfo("link.png")
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "../../../etc/passwd")
    if kind == "encrypted":  # the flag of the first member, in its own header and in the directory
        content = bytearray(path.read_bytes())
        for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(signature) + place] |= 1
        path.write_bytes(content)
    before = everything_below(tmp_path)
    pictures = read_pictures(DataConfig(source=str(path), held_out=0.0))
    assert everything_below(tmp_path) == before
    assert not any(file.suffix == ".png" for file in own_home.rglob("*"))
    bad = {"names": [], "link": [], "encrypted": ["picture.encrypted"]}[kind]
    assert [reason.key for _, reason in pictures.left_out] == bad
    assert len(pictures.images) == len(NAMES) - (kind == "encrypted")
    told = ["Links in an archive are not followed: link.png."] if kind == "link" else []
    assert [str(note) for note in pictures.notes][1:] == told
    ledger.injected(11, "a hostile archive", 1)
