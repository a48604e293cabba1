"""LibrarySession: everything that is read from the disk, in a thread of its own."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.library.runs import DiskUse, RecentRun, SavePicture, Sheet
from gan_studio.engine.library.setups import SetupRead
from gan_studio.engine.machine.device import Device
from gan_studio.engine.moment import Moment
from gan_studio.engine.qt_threads import RequestThread
from gan_studio.engine.run.contents import RunContents
from gan_studio.engine.text.message import EngineError
from gan_studio.ui.session.library_session import LibrarySession
from tests.engine.references import References
from tests.engine.runs import TINY

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("library") / "run"
    references.copy_to(place)
    return place


@pytest.fixture
def library(qtbot: QtBot) -> Iterator[LibrarySession]:
    session = LibrarySession()
    session.start()
    yield session
    session.end()
    session.deleteLater()


def test_that_the_engine_is_loaded_behind_the_window_and_names_what_can_train(qtbot: QtBot) -> None:
    session = LibrarySession()
    with qtbot.waitSignal(session.engine_loaded, timeout=PATIENCE_MS) as loaded:
        session.start()
    assert "cpu" in [device.name for device in loaded.args[0]]
    session.end()
    session.deleteLater()


def test_that_an_engine_that_cannot_be_loaded_is_told_of(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_devices() -> None:
        raise OSError("libcudnn.so.9: cannot open shared object file")

    monkeypatch.setattr("gan_studio.engine.machine.devices.find_devices", find_devices)
    session = LibrarySession()
    with qtbot.waitSignal(session.not_read, timeout=PATIENCE_MS) as told:
        session.start()
    session.end()
    session.deleteLater()
    kind, fault = told.args
    assert kind == "engine"
    assert str(fault.happened).endswith("(OSError: libcudnn.so.9: cannot open shared object file).")
    assert "can still be opened" in str(fault.kept)
    assert "Reinstall torch" in str(fault.todo)


def test_that_devices_that_cannot_be_listed_leave_the_cpu_tell_why_and_can_be_asked_for_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise ValueError("NVML: driver/library version mismatch")

    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", broken)
    session = LibrarySession()
    found: list[Sequence[Device]] = []
    missed: list[EngineError] = []
    session.engine_loaded.connect(found.append)
    session.devices_listed.connect(found.append)
    session.device_missed.connect(missed.append)
    session.start()
    qtbot.waitUntil(lambda: bool(missed), timeout=PATIENCE_MS)
    gpu = SimpleNamespace(name="A GPU", total_memory=8 * 2**30)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    monkeypatch.setattr("torch.cuda.get_device_properties", lambda index: gpu)

    def has_listed_again() -> bool:
        session.list_devices()
        return len(found) > 1

    qtbot.waitUntil(has_listed_again, timeout=PATIENCE_MS)
    session.end()
    session.deleteLater()
    assert [device.name for device in found[0]] == ["cpu"]
    assert "NVML: driver/library version mismatch" in str(missed[0].happened)
    assert [device.name for device in found[-1]] == ["cuda:0", "cpu"]


def test_that_a_thread_answers_although_its_preparation_or_a_request_fails(qtbot: QtBot) -> None:
    prepared = 0

    def prepare() -> Callable[[object], object]:
        nonlocal prepared
        prepared += 1
        if prepared < 3:
            raise ImportError("not yet")
        return lambda request: 1 // int(str(request))

    thread = RequestThread(("kind",), prepare)
    thread.start()
    answers = []
    for request in (1, 0, 1):
        with qtbot.waitSignal(thread.replied, timeout=PATIENCE_MS) as told:
            thread.ask("kind", request)
        answers.append(told.args[1])
    thread.end()
    thread.wait()
    thread.deleteLater()
    assert "ImportError: not yet" in str(answers[0].happened)
    assert "ZeroDivisionError" in str(answers[1].happened)
    assert answers[2] == 1


def test_that_a_run_a_sheet_a_size_and_a_look_come_back_each_by_its_signal(
    qtbot: QtBot, library: LibrarySession, run: Path
) -> None:
    with qtbot.waitSignal(library.run_read, timeout=PATIENCE_MS) as told:
        library.open_run(run)
    assert isinstance(told.args[0], RunContents)
    assert told.args[0].config == TINY
    with qtbot.waitSignal(library.sheet_read, timeout=PATIENCE_MS) as told:
        library.read_sheet(run, Moment(0, 8))
    assert isinstance(told.args[0], Sheet)
    assert told.args[0].moment == Moment(0, 8)
    with qtbot.waitSignal(library.disk_read, timeout=PATIENCE_MS) as told:
        library.measure_disk(run)
    assert isinstance(told.args[0], DiskUse)
    assert told.args[0].run_bytes > 10_000
    with qtbot.waitSignal(library.preview_read, timeout=PATIENCE_MS) as told:
        library.preview(DataConfig())
    assert isinstance(told.args[0], Preview)
    assert told.args[0].count == 10_000


def test_that_earlier_runs_come_one_by_one_also_one_that_is_gone(
    qtbot: QtBot, library: LibrarySession, run: Path
) -> None:
    for path, step in ((str(run), 12), ("/no/such/run", 0)):
        with qtbot.waitSignal(library.recent_read, timeout=PATIENCE_MS) as told:
            library.read_recent(path)
        (found,) = told.args
        assert isinstance(found, RecentRun)
        assert (found.path, found.step, found.fault is None) == (path, step, step > 0)


def test_that_a_run_is_renamed_and_answers_to_its_new_name(
    qtbot: QtBot, library: LibrarySession, run: Path, tmp_path: Path
) -> None:
    shutil.copytree(run, tmp_path / "mine")
    with qtbot.waitSignal(library.run_renamed, timeout=PATIENCE_MS) as told:
        library.rename_run(tmp_path / "mine", "Frogs")
    assert str(told.args[0].name) == "Frogs"
    with qtbot.waitSignal(library.run_read, timeout=PATIENCE_MS) as told:
        library.open_run(tmp_path / "mine")
    assert str(told.args[0].name) == "Frogs"


def test_that_every_picture_that_was_asked_for_is_saved_also_after_the_end(
    qtbot: QtBot, library: LibrarySession, run: Path, tmp_path: Path
) -> None:
    places = [tmp_path / f"{number}.png" for number in range(5)]
    library.open_run(run)  # keeps the reader busy while the pictures are asked for
    for place in places:
        library.save_picture(SavePicture(place, np.zeros((4, 6, 1), np.uint8)))
    library.end()
    assert [place.name for place in places if not place.exists()] == []


def test_that_a_picture_is_saved_and_its_place_told(qtbot: QtBot, library: LibrarySession, tmp_path: Path) -> None:
    pixels = np.full((4, 6, 1), 77, np.uint8)
    with qtbot.waitSignal(library.picture_saved, timeout=PATIENCE_MS) as told:
        library.save_picture(SavePicture(tmp_path / "picture.png", pixels))
    assert told.args == [str(tmp_path / "picture.png")]
    with Image.open(tmp_path / "picture.png") as image:
        assert np.array_equal(np.asarray(image), pixels[:, :, 0])


def test_that_a_set_up_goes_into_a_file_and_comes_back(qtbot: QtBot, library: LibrarySession, tmp_path: Path) -> None:
    path = tmp_path / "set-up.toml"
    with qtbot.waitSignal(library.setup_written, timeout=PATIENCE_MS) as told:
        library.export_setup(path, TINY)
    assert told.args == [str(path)]
    with qtbot.waitSignal(library.setup_read, timeout=PATIENCE_MS) as told:
        library.import_setup(path)
    assert told.args == [SetupRead(path, TINY)]


def test_that_the_set_up_of_a_run_can_be_read(qtbot: QtBot, library: LibrarySession, run: Path) -> None:
    with qtbot.waitSignal(library.setup_read, timeout=PATIENCE_MS) as told:
        library.import_setup(run / "run.toml")
    assert told.args[0].config == TINY


def test_that_a_preset_is_saved_under_its_name(qtbot: QtBot, library: LibrarySession) -> None:
    with qtbot.waitSignal(library.preset_saved, timeout=PATIENCE_MS) as told:
        library.save_preset("my cats", TINY)
    assert told.args[0].preset == "my cats"
    assert load_preset("my cats").config == told.args[0]


def test_that_faults_of_set_up_files_are_told(qtbot: QtBot, library: LibrarySession, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("[model]\nwidth = -1\n", encoding="utf-8")
    for ask, kind, words in (
        (lambda: library.import_setup(tmp_path / "none.toml"), "import", "cannot be read"),
        (lambda: library.import_setup(tmp_path / "wrong.toml"), "import", "model.width"),
        (lambda: library.import_setup(tmp_path), "import", "not a regular file"),
        (lambda: library.export_setup(tmp_path / "wrong.toml" / "x.toml", TINY), "export", "could not be written"),
        (lambda: library.save_preset("a/b", TINY), "preset", "cannot be the name"),
    ):
        with qtbot.waitSignal(library.not_read, timeout=PATIENCE_MS) as told:
            ask()
        assert told.args[0] == kind
        assert words in str(told.args[1].happened)


def test_that_what_cannot_be_read_says_what_was_wanted_and_reading_goes_on(
    qtbot: QtBot, library: LibrarySession, run: Path, tmp_path: Path
) -> None:
    for ask, kind in (
        (lambda: library.open_run(tmp_path), "run"),
        (lambda: library.read_sheet(run, Moment(0, 3)), "sheet"),
        (lambda: library.preview(DataConfig(source="/no/such/folder")), "preview"),
        (lambda: library.save_picture(SavePicture(tmp_path / "gone" / "x.png", np.zeros((2, 2, 1), np.uint8))), "save"),
    ):
        with qtbot.waitSignal(library.not_read, timeout=PATIENCE_MS) as told:
            ask()
        assert told.args[0] == kind
        assert isinstance(told.args[1], NotDone)
    with qtbot.waitSignal(library.run_read, timeout=PATIENCE_MS):
        library.open_run(run)


def test_that_a_run_with_a_damaged_log_does_not_end_the_reading(
    qtbot: QtBot, library: LibrarySession, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run")
    (tmp_path / "run" / "run.sqlite").write_bytes(b"no database at all" * 1_000)
    with qtbot.waitSignal(library.run_read, timeout=PATIENCE_MS) as told:
        library.open_run(tmp_path / "run")
    assert "run.sqlite" in str(told.args[0].fault)
    with qtbot.waitSignal(library.disk_read, timeout=PATIENCE_MS):
        library.measure_disk(tmp_path)


def test_that_of_many_sheets_asked_for_the_last_is_the_last_to_come(
    qtbot: QtBot, library: LibrarySession, run: Path
) -> None:
    came: list[Moment] = []
    library.sheet_read.connect(lambda sheet: came.append(sheet.moment))
    for _ in range(100):
        for step in (0, 1, 2, 4, 8):
            library.read_sheet(run, Moment(0, step))
    library.read_sheet(run, Moment(0, 12))
    qtbot.waitUntil(lambda: came[-1:] == [Moment(0, 12)], timeout=PATIENCE_MS)
    assert len(came) < 250


class EndlessFolder:
    """A folder whose listing never comes to its end, as on a disk that takes days; counts what was listed."""

    def __init__(self) -> None:
        self.listed = 0

    def __enter__(self) -> Iterator[object]:
        while True:
            self.listed += 1
            yield SimpleNamespace(name="notes.txt", is_dir=lambda follow_symlinks: False)

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[DataConfig, EndlessFolder]:
    """Make a folder that cannot be listed to its end."""
    folder, plain = EndlessFolder(), os.scandir
    place = tmp_path / "endless"
    place.mkdir()
    monkeypatch.setattr(
        "gan_studio.engine.data.kinds.folders.os.scandir", lambda path: folder if Path(path) == place else plain(path)
    )
    return DataConfig(source=str(place)), folder


def test_that_a_long_look_holds_nothing_up_and_a_newer_one_ends_it(
    qtbot: QtBot, library: LibrarySession, run: Path, endless: tuple[DataConfig, EndlessFolder]
) -> None:
    config, folder = endless
    library.preview(config)
    qtbot.waitUntil(lambda: folder.listed > 0, timeout=PATIENCE_MS)
    with qtbot.waitSignal(library.run_read, timeout=PATIENCE_MS):
        library.open_run(run)
    with qtbot.waitSignal(library.preview_read, timeout=PATIENCE_MS) as told, qtbot.assertNotEmitted(library.not_read):
        library.preview(DataConfig())
    assert told.args[0].source == "starter:fashion-mnist"


def test_that_it_ends_in_the_middle_of_a_long_look(qtbot: QtBot, endless: tuple[DataConfig, EndlessFolder]) -> None:
    config, folder = endless
    session = LibrarySession()
    session.start()
    session.preview(config)
    qtbot.waitUntil(lambda: folder.listed > 0, timeout=PATIENCE_MS)
    session.end()
    session.deleteLater()


def test_that_this_machine_is_measured_when_asked_and_not_after_it_was_stopped(
    qtbot: QtBot, library: LibrarySession
) -> None:
    with qtbot.waitSignal(library.speed_measured, timeout=PATIENCE_MS) as told:
        library.measure_speed()
    assert told.args[0] > 1e6
    with qtbot.assertNotEmitted(library.speed_measured):
        library.measure_speed()
        library.stop_measuring()
        library.end()


def test_that_it_ends_while_there_is_still_much_to_read(qtbot: QtBot, run: Path) -> None:
    session = LibrarySession()
    with qtbot.assertNotEmitted(session.not_read):
        session.start()
        session.open_run(run)
        session.preview(DataConfig())
        session.end()
    session.deleteLater()
