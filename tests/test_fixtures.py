"""The guards of tests/conftest.py catch what they are there for."""

import os
import socket
import sys
import threading
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QObject, QSettings, QThread, QTimer
from PySide6.QtWidgets import QWidget

from tests.guards import NetworkForbiddenError, alive, left_behind

ROOT = Path(__file__).parent.parent

GUILTY_TESTS = """
import threading
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

kept = []
release = threading.Event()

def test_thread():
    kept.append(threading.Thread(target=release.wait))
    kept[-1].start()

def test_qthread(qapp):
    kept.append(QThread())
    kept[-1].start()

def test_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(60_000)

def test_window(qapp):
    kept.append(QWidget())

def test_that_comes_after_them_and_is_innocent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    QTimer(widget).start(60_000)
    release.set()

def test_that_cleans_up():
    kept[1].quit()
    kept[1].wait()
    kept.clear()
"""


@pytest.fixture
def guarded(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a folder of tests under the same guards."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    pytester.makeconftest("from tests.conftest import *")
    return pytester


def test_that_each_thing_left_behind_fails_its_test_and_no_other(guarded: pytest.Pytester):
    guarded.makepyfile(GUILTY_TESTS)
    guarded.makeini("[pytest]\nqt_api = pyside6")
    result = guarded.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=6, errors=4)
    result.stdout.fnmatch_lines_random(["*Thread: <Thread*", "*QThread: *", "*QTimer: *", "*QWidget: *"])


def test_that_the_guards_and_settings_work_where_there_is_no_qt(guarded: pytest.Pytester):
    (guarded.path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    guarded.makepyfile("import sys\ndef test_engine():\n    assert 'PySide6' not in sys.modules")
    result = guarded.runpytest_subprocess("-p", "no:pytest-qt", "-p", "no:cacheprovider", str(guarded.path))
    result.assert_outcomes(passed=1)


def test_that_a_thread_is_a_leftover_until_it_ends():
    release, before = threading.Event(), alive()
    thread = threading.Thread(target=release.wait)
    thread.start()
    assert thread in alive()
    release.set()
    assert left_behind(before) == []


def test_that_a_daemon_thread_is_no_leftover():
    release, before = threading.Event(), alive()
    threading.Thread(target=release.wait, daemon=True).start()
    assert left_behind(before) == []
    release.set()


def test_that_a_qthread_is_a_leftover_until_it_ends(qapp: QObject):
    before, thread = alive(), QThread()
    thread.start()
    assert thread in alive()
    thread.quit()
    assert left_behind(before) == []


def test_that_a_timer_is_a_leftover_while_it_ticks(qapp: QObject):
    before, timer = alive(), QTimer()
    assert left_behind(before) == []
    timer.start(60_000)
    assert [text.partition(":")[0] for text in left_behind(before)] == ["QTimer"]
    timer.stop()


def test_that_a_window_is_a_leftover_until_it_is_deleted(qapp: QObject):
    before, window = alive(), QWidget()
    assert window in alive()
    window.deleteLater()
    assert left_behind(before) == []


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_that_connecting_to_a_network_fails_the_test(family: socket.AddressFamily):
    with socket.socket(family) as connection:
        for connect in (connection.connect, connection.connect_ex):
            with pytest.raises(NetworkForbiddenError, match="localhost"):
                connect(("localhost", 9))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets in Python")
def test_that_two_processes_on_this_machine_may_still_talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("here")
        server.listen()
        client.connect("here")
        assert client.getpeername() == "here"


def test_that_every_user_folder_is_the_tests_own(own_home: Path):
    for folder in (
        platformdirs.user_config_path("gan-studio"),
        platformdirs.user_data_path("gan-studio"),
        platformdirs.user_cache_path("gan-studio"),
        platformdirs.user_documents_path(),
        Path(os.path.expanduser("~/gan-studio")),  # noqa: PTH111  (what libraries call)
    ):
        assert folder.is_relative_to(own_home)


@pytest.mark.parametrize("kind", [QSettings.Format.IniFormat, QSettings.Format.NativeFormat])
def test_that_qt_settings_are_the_tests_own(own_home: Path, kind: QSettings.Format):
    settings = QSettings(kind, QSettings.Scope.UserScope, "gan-studio", "window")
    assert Path(settings.fileName()).is_relative_to(own_home)
