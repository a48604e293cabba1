"""Where no window can be opened: a sentence with the way out, no abort, and no crash to report at the next start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_studio.engine.support.display import check_display, debian_package
from gan_studio.engine.text.message import EngineError

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every display."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)


def refusal() -> EngineError:
    with pytest.raises(EngineError) as refused:
        check_display()
    return refused.value


def test_that_without_a_display_both_variables_are_named() -> None:
    told = refusal()
    assert "DISPLAY and WAYLAND_DISPLAY are not set" in str(told.happened)
    assert "DISPLAY=:0" in str(told.todo)


def test_that_a_display_that_nobody_serves_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    assert ":987" in str(refusal().happened)


def test_that_a_compositor_that_nobody_runs_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    assert "wayland-9" in str(refusal().happened)


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_that_a_platform_without_a_display_needs_none(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    check_display()


def test_that_every_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loader:
        """A machine without two of the libraries."""

        def __init__(self, name: str) -> None:
            if name in ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0"):
                raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.setattr("ctypes.CDLL", Loader)
    told = refusal()
    assert "libxcb-cursor.so.0, libxkbcommon-x11.so.0" in str(told.happened)
    assert "apt-get install libxcb-cursor0 libxkbcommon-x11-0" in str(told.todo)


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
        ("libEGL.so.1", "libegl1"),
    ],
)
def test_that_packages_are_named_by_debians_rule(library: str, package: str) -> None:
    assert debian_package(library) == package


def started(**environment: str) -> "subprocess.CompletedProcess[str]":
    """Start the program as a person does; a fresh process, because Qt would abort this one."""
    return subprocess.run(
        [sys.executable, "-m", "gan_studio"],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_that_the_program_ends_with_a_sentence_and_leaves_no_crash_to_report(own_home: Path) -> None:
    ended = started(DISPLAY=":987")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: The window cannot be opened")
    assert len(ended.stderr.strip().splitlines()) == 3
    assert not list(own_home.rglob("*.toml"))


def test_that_a_broken_library_path_ends_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "libxcb-cursor.so.0").write_bytes(b"no library")
    ended = started(DISPLAY=":987", LD_LIBRARY_PATH=str(tmp_path))
    assert ended.returncode == 1
    assert "libxcb-cursor.so.0" in ended.stderr.splitlines()[0]
    assert "apt-get install libxcb-cursor0" in ended.stderr.splitlines()[2]
