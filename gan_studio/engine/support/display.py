"""Find out whether Qt can open a window here, before Qt tries: it would abort the process (SIGABRT) where it cannot."""

import ctypes
import os
import socket
import sys
from pathlib import Path

from gan_studio.engine.text.message import EngineError, Message

LIBRARIES = {
    "wayland": ("libwayland-client.so.0", "libwayland-cursor.so.0", "libwayland-egl.so.1", "libxkbcommon.so.0"),
    "xcb": (
        "libX11-xcb.so.1",
        "libxcb.so.1",
        "libxcb-cursor.so.0",
        "libxcb-icccm.so.4",
        "libxcb-image.so.0",
        "libxcb-keysyms.so.1",
        "libxcb-randr.so.0",
        "libxcb-render-util.so.0",
        "libxcb-shape.so.0",
        "libxcb-xkb.so.1",
        "libxkbcommon.so.0",
        "libxkbcommon-x11.so.0",
    ),
}
"""What Qt's plugin of a platform loads and a Linux without a desktop may lack.

Source: doc.qt.io/qt-6/linux-requirements.html."""


def check_display() -> None:
    """Check the platforms that Qt will try on Linux, and be content with one that works.

    Raises:
        EngineError: there is no display, it refuses this program, or a library that Qt loads for it is missing.
    """
    platforms = _platforms()
    if not sys.platform.startswith("linux") or any(name not in LIBRARIES for name in platforms):
        return
    faults = []
    for name in platforms:
        try:
            if name == "wayland":
                _check_wayland()
            _check_libraries(name)
            if name == "xcb":
                _check_x_server()
        except EngineError as error:
            faults.append(error)
        else:
            return
    if faults:
        raise faults[-1]
    raise _refused(Message("window.no_display"), Message("todo.name_display"))


def _platforms() -> list[str]:
    """List the platforms that Qt will try, in its order (QGuiApplication, platform integration)."""
    named = [name.partition(":")[0] for name in os.environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    if named:
        return ["wayland" if name.startswith("wayland") else name for name in named]
    on_wayland = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland"
    return [*(["wayland"] if on_wayland else []), *(["xcb"] if os.environ.get("DISPLAY") else [])]


def _check_libraries(platform: str) -> None:
    """Load what the plugin of a platform loads next anyway; raises EngineError if a library is missing."""
    missing = [name for name in LIBRARIES[platform] if not _can_be_loaded(name)]
    if missing:
        raise _refused(
            Message("window.no_library", libraries=", ".join(missing)),
            Message("todo.install_library", packages=" ".join(map(debian_package, missing))),
        )


def _can_be_loaded(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def debian_package(library: str) -> str:
    """Return the package of a shared library by Debian's rule: its name and version (Debian Policy, section 8.1)."""
    name, _, version = library.replace("_", "-").lower().partition(".so.")
    return f"{name}-{version}" if name[-1:].isdigit() else f"{name}{version}"


def _check_x_server() -> None:
    """Connect to the X server as Qt will; raises EngineError if it cannot be reached or refuses.

    The connection stays open: a server without other clients, such as Xvfb, resets when its last one leaves.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    if xcb.xcb_connection_has_error(xcb.xcb_connect(None, None)):
        raise _refused(
            Message("window.display_refused", display=os.environ.get("DISPLAY", "")), Message("todo.name_display")
        )


def _check_wayland() -> None:
    """Connect to the Wayland compositor; raises EngineError if it cannot be reached."""
    name = os.environ.get("WAYLAND_DISPLAY") or "wayland-0"
    place = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name  # an absolute name stands for itself
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(place))
        except OSError as error:
            raise _refused(Message("window.display_refused", display=name), Message("todo.name_display")) from error


def _refused(happened: Message, todo: Message) -> EngineError:
    return EngineError(happened, Message("kept.nothing_begun"), todo)
