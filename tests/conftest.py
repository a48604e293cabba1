"""Fixtures of every test: nothing left running, no network, a home of its own; and runs that tests share."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.guards import alive, left_behind, refuse_network, set_aside

if TYPE_CHECKING:
    from tests.engine.references import References

pytest_plugins = ("tests.reliability.plugin",)

os.environ.setdefault("OMP_NUM_THREADS", "1")  # two workers share the cores; tests of threads ask for more
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # on a busy machine, threads that spin make tests many times slower
os.environ.setdefault("GOMP_SPINCOUNT", "0")  # the same for programs that tests start, which have a count of their own
os.environ.setdefault("TRITON_INTERPRET", "1")  # kernels for a CUDA device run on the CPU; read when Triton is imported
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read when the application is made, not when Qt is imported

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a script that starts tests with & leaves it
    signal.signal(signal.SIGINT, signal.default_int_handler)  # programs that tests start inherit it: Ctrl+C is tested

HOME_FOLDERS = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
    "XDG_DOCUMENTS_DIR": "documents",
    "XDG_RUNTIME_DIR": "runtime",
    "GAN_STUDIO_CACHE": "pictures",
    "APPDATA": "config",
    "LOCALAPPDATA": "data",
}
"""Where programs look for a user's folders, and what they find in a test's own home."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add --soak, and the options of pytest-qt where it is absent: the engine's tests run without Qt."""
    parser.addoption("--soak", action="store_true", help="inject every fault, and write docs/reliability.md")
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "an option of pytest-qt, which is not here")


def pytest_collection_finish() -> None:
    """Set aside what the imports made, so that looking for leftovers after each test is quick."""
    set_aside()


@pytest.fixture(autouse=True, scope="module")
def later_imports_set_aside() -> Iterator[None]:
    """Set aside what the tests of a file loaded, too: torch alone is some hundred thousand objects."""
    yield
    set_aside()


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, a running QThread, an active QTimer or a window behind."""
    before = alive()
    yield
    leftovers = left_behind(before)
    if leftovers:
        pytest.fail("left behind:\n" + "\n".join(leftovers), pytrace=False)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to an address on a network, this machine's own included."""
    plain_connect = socket.socket.connect
    plain_connect_ex = socket.socket.connect_ex

    def connect(self: socket.socket, address: object) -> None:
        return (refuse_network if _is_networked(self) else plain_connect)(self, address)

    def connect_ex(self: socket.socket, address: object) -> int:
        return (refuse_network if _is_networked(self) else plain_connect_ex)(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home with its own settings, data and documents; return it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for variable, folder in HOME_FOLDERS.items():
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(variable, str(home / folder))
    _move_qt_settings(home / "config")
    return home


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this test run share; what is made there once is guarded by a file lock."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def references(shared_folder: Path) -> "References":
    """Return the runs that tests share, each trained once."""
    from tests.engine.references import References  # loads torch, which tests of widgets do without

    return References(shared_folder)


def _is_networked(connection: socket.socket) -> bool:
    return connection.family in (socket.AF_INET, socket.AF_INET6)


def _move_qt_settings(folder: Path) -> None:
    """Move QSettings, which reads the environment only once, where Qt is loaded."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None:
        for kind in (core.QSettings.Format.NativeFormat, core.QSettings.Format.IniFormat):
            core.QSettings.setPath(kind, core.QSettings.Scope.UserScope, str(folder))
