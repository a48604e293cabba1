"""Downloads from a server on this machine: checked before they are used, cancelled without leaving files."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gan_studio.engine.data.known.download import DownloadError, fetch
from gan_studio.engine.data.known.known_sets import ArraySet, read_known
from gan_studio.engine.data.known.published_files import CifarSet, IdxSet
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.text.message import EngineError
from tests.engine.published import CIFAR, MNIST, cifar_set, idx_set, published_file, tarred

NOWHERE = ("http://127.0.0.1:9/",)
"""URLs of mirrors that do not answer."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bypass any proxy, so that the server on this machine is reached directly."""
    monkeypatch.setenv("no_proxy", "*")


@dataclass
class Mirror:
    """The state of a file server.

    Attributes:
        address: its URL.
        files: the content that it serves, by name.
        redirects: the URLs that it redirects to, by name.
        asked: the names that were requested.
        goes_on: set to end the silence.
        falls_silent: whether it stops in the middle of a file.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    goes_on: threading.Event = field(default_factory=threading.Event)
    falls_silent: bool = False


def handler_of(mirror: Mirror) -> type[BaseHTTPRequestHandler]:
    """Return the request handler of a mirror."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            mirror.asked.append(name)
            if name in mirror.redirects:
                self.send_response(302)
                self.send_header("Location", mirror.redirects[name])
                self.end_headers()
            elif name in mirror.files:
                self.send_response(200)
                self.end_headers()
                self.send_content(mirror.files[name])
            else:
                self.send_error(404)

        def send_content(self, content: bytes) -> None:
            if mirror.falls_silent:
                self.wfile.write(content[: len(content) // 2])
                mirror.goes_on.wait(30)
            else:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """Run a file server on this machine during a test."""
    mirror = Mirror()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(mirror))
    server.daemon_threads = False  # so that server_close waits until every answer has ended
    mirror.address = f"http://127.0.0.1:{server.server_port}/"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield mirror
    mirror.goes_on.set()
    server.shutdown()
    serving.join()
    server.server_close()


def read(folder: Path, source: str, published: IdxSet | CifarSet) -> tuple[list[LoadingProgress], ArraySet]:
    """Read the training part of a made set; return the progress and the pictures."""
    told: list[LoadingProgress] = []
    reading = read_known(source, "train", folders=[folder], published={source: published})
    while True:
        try:
            told.append(next(reading))
        except StopIteration as end:
            return told, end.value


def files_below(folder: Path) -> list[str]:
    """List all files below a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_that_a_set_is_downloaded_once_and_then_read_from_disk(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([mirror.address])
    told, pictures = read(tmp_path, MNIST, published)
    total = sum(file.size for file in published.files["train"])
    assert len(pictures.images) == 20
    assert told[-2] == LoadingProgress(total, total, is_download=True)
    assert told[-1] == LoadingProgress(20, 20)
    read(tmp_path, MNIST, published)
    assert mirror.asked == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]


def test_that_downloads_lie_as_torchvision_lays_them(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([mirror.address])
    read(tmp_path, MNIST, published)
    assert files_below(tmp_path) == ["MNIST/raw/train-images-idx3-ubyte.gz", "MNIST/raw/train-labels-idx1-ubyte.gz"]


def test_that_cifar_is_downloaded_and_unpacked(tmp_path: Path, mirror: Mirror):
    published, binary, _ = cifar_set([mirror.address])
    mirror.files = {published.binary.name: tarred(binary)}
    assert read(tmp_path, CIFAR, published)[1].labels.tolist() == [0, 1, 2, 3]
    assert files_below(tmp_path) == sorted(binary)


def test_that_the_next_mirror_is_tried(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([*NOWHERE, f"{mirror.address}not-there/", mirror.address])
    assert len(read(tmp_path, MNIST, published)[1].images) == 20


@pytest.mark.parametrize(
    "change", [lambda whole: whole[:-1], lambda whole: whole + b"x", lambda whole: b"x" * len(whole)]
)
def test_that_other_content_is_never_saved(tmp_path: Path, mirror: Mirror, change):
    published, whole = idx_set([mirror.address])
    mirror.files = {name: change(content) for name, content in whole.items()}
    with pytest.raises(EngineError, match="not the published"):
        read(tmp_path, MNIST, published)
    assert files_below(tmp_path) == []


def test_that_a_damaged_copy_is_replaced_by_a_download(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([mirror.address])
    place = tmp_path / "MNIST" / "raw"
    place.mkdir(parents=True)
    for file in published.files["train"]:
        (place / file.name.removesuffix(".gz")).write_bytes(b"damaged")
    assert len(read(tmp_path, MNIST, published)[1].images) == 20


def test_that_no_more_than_was_published_is_taken(mirror: Mirror):
    mirror.files = {"endless": bytes(20_000_000)}
    told: list[LoadingProgress] = []
    with pytest.raises(DownloadError, match="not the published"):
        told.extend(fetch(published_file("endless", b"short"), [mirror.address]))
    assert told
    assert all(progress.done <= 5 for progress in told)


def test_that_a_cancelled_download_leaves_nothing(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([mirror.address])
    mirror.falls_silent = True
    reading = read_known(MNIST, "train", folders=[tmp_path], published={MNIST: published})
    told = next(reading)
    assert told.done < told.total
    reading.close()
    assert files_below(tmp_path) == []


def test_that_being_offline_names_the_folder_for_files_by_hand(tmp_path: Path):
    published, _ = idx_set(NOWHERE)
    with pytest.raises(EngineError) as caught:
        read(tmp_path, MNIST, published)
    assert "127.0.0.1" in str(caught.value.happened)
    assert str(tmp_path / "MNIST" / "raw") in str(caught.value.todo)
    assert all(file.name in str(caught.value.todo) for pair in published.files.values() for file in pair)


def test_that_a_redirect_to_a_local_file_is_not_followed(tmp_path: Path, mirror: Mirror):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    mirror.redirects = {"secret": secret.as_uri()}
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 could not be read"):
        list(fetch(published_file("secret", b"secret"), [mirror.address]))


def test_that_a_folder_that_cannot_be_written_is_named(tmp_path: Path, mirror: Mirror):
    published, mirror.files = idx_set([mirror.address])
    (tmp_path / "MNIST").write_bytes(b"a file where a folder should be")
    with pytest.raises(EngineError) as caught:
        read(tmp_path, MNIST, published)
    assert str(tmp_path / "MNIST") in str(caught.value.happened)
    assert "GAN_STUDIO_DATASETS" in str(caught.value.todo)
