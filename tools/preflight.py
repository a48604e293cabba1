"""Check what this machine lacks before the first window or test, and say how to install it.

    python3 tools/preflight.py python             can this Python create the environment?
    .venv/bin/python tools/preflight.py qt        can Qt open a window here? (with --platform offscreen: run the tests?)

As root on Debian or Ubuntu it installs what is missing. Exit status: 0, or 1 with the command to type. It runs before
anything is installed, so it uses only the standard library and must also run on Pythons that are too old.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)

QT_LIBRARIES = ("libQt6Gui", "libQt6Widgets", "libQt6OpenGLWidgets", "libQt6Svg", "libQt6DBus", "libQt6Test")
"""Qt libraries that the window and its tests load."""

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Shared library to the package of Debian and Ubuntu that contains it."""


def python_problem(version: Sequence[int], has_ensurepip: bool) -> str:
    """Return why this Python cannot create the environment; empty if it can."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        wanted, found = ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, version[:3]))
        return (
            f"GAN Studio needs Python {wanted} or later; {sys.executable} is {found}.\n"
            "Choose a later one: make run PYTHON=python3.12"
        )
    if not has_ensurepip:
        return "This Python lacks the venv module, which is a separate package on Debian and Ubuntu."
    return ""


def plugin_name(platform: str) -> str:
    """Return the file name of the Qt platform plugin for a value of QT_QPA_PLATFORM."""
    return f"libq{platform.partition(':')[0]}.so"


def qt_files(pyside: Path, platform: str) -> list[Path]:
    """List the files that Qt must load on a platform: its libraries and the platform's plugin.

    Args:
        pyside: folder of the installed PySide6.
        platform: "xcb", "wayland", "offscreen", ...
    """
    libraries = [path for name in QT_LIBRARIES for path in sorted((pyside / "Qt" / "lib").glob(f"{name}.so.*"))]
    return [*libraries, pyside / "Qt" / "plugins" / "platforms" / plugin_name(platform)]


def missing_in(ldd_output: str) -> list[str]:
    """Return the libraries that `ldd` did not find."""
    return re.findall(r"^\s*(\S+) => not found", ldd_output, flags=re.MULTILINE)


def missing_libraries(files: Iterable[Path]) -> list[str]:
    """Return the shared libraries that these files need and this machine lacks."""
    missing: set[str] = set()
    for file in files:
        if shutil.which("ldd"):
            missing.update(missing_in(subprocess.run(["ldd", str(file)], capture_output=True, text=True).stdout))
        else:
            missing.update(_refused_by_loader(file))
    return sorted(missing)


def _refused_by_loader(file: Path) -> list[str]:
    try:
        ctypes.CDLL(str(file))
    except OSError as error:
        return [str(error).partition(":")[0]]
    return []


def install_command(libraries: Sequence[str], has: Sequence[str]) -> list[str]:
    """Return the command that installs shared libraries; empty if no known package manager can.

    Args:
        libraries: file names such as "libxcb-cursor.so.0".
        has: which of "apt-get", "dnf", "zypper" this machine has.
    """
    if "apt-get" in has:
        packages = {DEBIAN_PACKAGES[name] for name in libraries if name in DEBIAN_PACKAGES}
        return ["apt-get", "install", "-y", *sorted(packages)] if packages else []
    capabilities = [f"{name}()(64bit)" for name in libraries]
    if "dnf" in has:
        return ["dnf", "install", "-y", *capabilities]
    if "zypper" in has:
        return ["zypper", "--non-interactive", "install", "--capability", *capabilities]
    return []


def package_managers() -> list[str]:
    """Return the package managers on this machine that can install a library."""
    return [name for name in ("apt-get", "dnf", "zypper") if shutil.which(name)]


def may_install() -> bool:
    """Whether missing packages can be installed without asking: as root on Debian or Ubuntu."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(command: Sequence[str]) -> bool:
    """Run an apt-get command without questions; return whether it worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing: " + " ".join(command), flush=True)
    for line in (["apt-get", "update", "-qq"], list(command)):
        if subprocess.run(line, env=quiet, stdin=subprocess.DEVNULL).returncode != 0:
            return False
    return True


def as_typed(command: Sequence[str]) -> str:
    """Return a command as a person types it."""
    return "    sudo " + " ".join(f"'{part}'" if "(" in part else part for part in command)


def check_python() -> int:
    """Check that this Python can create the environment; returns the exit status."""
    problem = python_problem(sys.version_info[:3], importlib.util.find_spec("ensurepip") is not None)
    if not problem:
        return 0
    command = ["apt-get", "install", "-y", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]
    lacks_venv = tuple(sys.version_info[:2]) >= OLDEST_PYTHON
    if lacks_venv and may_install() and install(command):
        return 0
    print(problem, file=sys.stderr)
    if lacks_venv:
        print(as_typed(command), file=sys.stderr)
    return 1


def check_qt(platform: str) -> int:
    """Check that Qt's libraries and its platform plugin find all they need; returns the exit status."""
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        print("PySide6 is not installed in this environment. Run make run or make test.", file=sys.stderr)
        return 1
    if not sys.platform.startswith("linux"):
        return 0
    files = qt_files(Path(next(iter(found.submodule_search_locations))), platform)
    missing = missing_libraries(files)
    command = install_command(missing, package_managers())
    if missing and command and may_install() and install(command):
        missing = missing_libraries(files)
    if not missing:
        return 0
    print("Qt needs system libraries that this machine lacks: " + ", ".join(missing), file=sys.stderr)
    print(as_typed(command) if command else "Install the packages that contain them.", file=sys.stderr)
    return 1


def window_platform() -> str:
    """Return the platform on which Qt would open a window here."""
    named = os.environ.get("QT_QPA_PLATFORM", "")
    on_wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and not os.environ.get("DISPLAY")
    return named or ("wayland" if on_wayland else "xcb")


def main() -> int:
    """Run one of the two checks and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=("python", "qt"))
    parser.add_argument("--platform", default="", help="Qt platform (default: the one on which a window would open)")
    options = parser.parse_args()
    return check_python() if options.check == "python" else check_qt(options.platform or window_platform())


if __name__ == "__main__":
    sys.exit(main())
