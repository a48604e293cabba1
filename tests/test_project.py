"""What a fresh machine meets first: the requirements, the make targets, the preflight."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tools.preflight import (
    DEBIAN_PACKAGES,
    as_typed,
    install_command,
    missing_in,
    plugin_name,
    python_problem,
    qt_files,
    window_platform,
)

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LDD = """\tlinux-vdso.so.1 (0x00007ffd)
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
"""


def accepted(name: str, python: str, version: str) -> bool:
    """Whether the base install takes a version of a package on a Python."""
    requirements = [Requirement(line) for line in PROJECT["dependencies"]]
    meant = [
        requirement
        for requirement in requirements
        if requirement.name == name
        and (requirement.marker is None or requirement.marker.evaluate({"python_version": python}))
    ]
    assert len(meant) == 1
    return Version(version) in meant[0].specifier


@pytest.mark.parametrize(
    ("python", "version", "taken"),
    [
        ("3.11", "6.10.3", True),
        ("3.11", "6.11.0", False),
        ("3.11", "6.11.1", False),
        ("3.11", "6.11.3", True),
        ("3.11", "6.12.0", False),
        ("3.12", "6.11.0", False),
        ("3.12", "6.12.0", True),
        ("3.13", "6.12.0", True),
    ],
)
def test_that_a_qt_known_to_crash_or_to_break_docks_is_never_installed(python: str, version: str, taken: bool):
    assert accepted("PySide6-Essentials", python, version) is taken


@pytest.mark.parametrize(("name", "version"), [("torch", "2.9.1"), ("pillow", "12.3.0"), ("filelock", "4.2.10")])
def test_that_versions_with_known_holes_are_not_installed(name: str, version: str):
    assert not accepted(name, "3.11", version)


def test_that_there_is_one_way_to_start_it():
    assert PROJECT["scripts"] == {"gan-studio": "gan_studio.__main__:main"}
    assert "gui-scripts" not in PROJECT
    assert importlib.util.find_spec("gan_studio.__main__") is not None


def test_that_the_changelog_is_open_for_what_comes_next():
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line[:3] == "## "]
    assert headings[0] == "## Unreleased"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_that_make_installs_from_wherever_pip_is_set_up_to_look(tmp_path: Path):
    """The process it starts is make."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    dry = ["make", "-n", "test", f"VENV={tmp_path / 'new'}"]
    lines = subprocess.run(dry, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    installs = [line for line in lines.splitlines() if "pip" in line]
    assert installs == [f'{tmp_path}/new/bin/python -m pip install -e ".[dev]"']
    assert "QT_QPA_PLATFORM=offscreen" in lines


def test_that_ci_is_runnable_and_does_what_a_developer_does():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-4:] == [
        "make test",
        "make check",
        "make test-measuring",
        "make test-slow",
    ]


def test_that_a_python_too_old_is_told_so():
    assert "needs Python 3.11" in python_problem((3, 10, 12), has_ensurepip=True)
    assert "PYTHON=" in python_problem((3, 10, 12), has_ensurepip=True)
    assert "venv" in python_problem((3, 11, 2), has_ensurepip=False)
    assert python_problem((3, 11, 0), has_ensurepip=True) == ""


def test_that_missing_libraries_are_read_from_what_ldd_says():
    assert missing_in(LDD) == ["libxcb-cursor.so.0", "libEGL.so.1"]


@pytest.mark.parametrize(
    ("has", "typed"),
    [
        (["apt-get"], "    sudo apt-get install -y libegl1 libxcb-cursor0"),
        (["dnf"], "    sudo dnf install -y 'libxcb-cursor.so.0()(64bit)' 'libEGL.so.1()(64bit)'"),
    ],
)
def test_that_the_line_to_type_is_exact(has: list[str], typed: str):
    assert as_typed(install_command(missing_in(LDD), has)) == typed


def test_that_no_line_is_made_up_where_the_package_is_not_known():
    assert install_command(["libunheard-of.so.1"], ["apt-get"]) == []
    assert install_command(missing_in(LDD), []) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows and macOS bring what Qt needs")
@pytest.mark.parametrize("platform", ["xcb", "wayland", "offscreen"])
def test_that_every_file_the_preflight_looks_at_is_part_of_the_installed_qt(platform: str):
    found = importlib.util.find_spec("PySide6")
    assert found is not None
    assert found.submodule_search_locations
    files = qt_files(Path(found.submodule_search_locations[0]), platform)
    assert len(files) == 7
    assert all(file.is_file() for file in files)


def test_that_the_packages_named_in_the_xcb_trap_are_known():
    libraries = ["libxcb-cursor.so.0", "libEGL.so.1", "libxkbcommon-x11.so.0", "libxcb-icccm.so.4"]
    packages = ["libxcb-cursor0", "libegl1", "libxkbcommon-x11-0", "libxcb-icccm4"]
    assert [DEBIAN_PACKAGES[name] for name in libraries] == packages


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "xcb"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
    ],
)
def test_that_the_platform_checked_is_the_one_a_window_would_use(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], platform: str
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert window_platform() == platform


def test_that_options_of_a_platform_are_not_part_of_its_file_name():
    assert plugin_name("offscreen:fontconfig") == "libqoffscreen.so"
