"""Checks of `gan-studio doctor`: whether this machine can train, open the window and store runs."""

import importlib.metadata
import importlib.util
import os
import sys
from dataclasses import dataclass

import psutil

from gan_studio.engine.files import atomic
from gan_studio.engine.run.folder import runs_root
from gan_studio.engine.support.display import check_display
from gan_studio.engine.support.keep_awake import Wakefulness
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.text.units import bytes_text
from gan_studio.resources import resource

PACKAGES = ("torch", "torchvision", "numpy", "pillow", "safetensors", "pydantic")
WINDOW_PACKAGES = ("PySide6-Essentials", "pyqtgraph")
"""Packages that only the window needs; the command line trains without them."""
LEAST_FREE_BYTES = 2**30
"""Free memory, and free disk space, below which a run is not advisable."""


@dataclass(frozen=True)
class Finding:
    """Result of one check.

    Attributes:
        name: what was checked.
        ok: whether it is as it should be.
        detail: what was found.
        is_needed: whether training needs it; otherwise only the window or speed does.
    """

    name: str
    ok: bool
    detail: str
    is_needed: bool = True

    @property
    def line(self) -> str:
        """One line for a person."""
        word = "ok" if self.ok else "MISSING" if self.is_needed else "without"
        return f"{word:<7}  {self.name:<18} {self.detail}"


def examine() -> list[Finding]:
    """Check everything that a run needs, in the order in which it is shown."""
    packages = (*(_package(name) for name in PACKAGES), *(_package(name, is_needed=False) for name in WINDOW_PACKAGES))
    return [_python(), *packages, _window(), *_devices(), _memory(), _starter(), _disk(), _sleep()]


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])


def _package(name: str, *, is_needed: bool = True) -> Finding:
    try:
        return Finding(name, True, importlib.metadata.version(name), is_needed)
    except importlib.metadata.PackageNotFoundError:
        detail = "not installed" if is_needed else "not installed; only the window needs it"
        return Finding(name, False, detail, is_needed)


def _window() -> Finding:
    if importlib.util.find_spec("PySide6") is None:
        return Finding("window", False, "PySide6 is not installed; the command line works without it", False)
    if sys.platform != "linux":
        return Finding("window", True, sys.platform)
    try:
        check_display()
    except EngineError as error:
        return Finding("window", False, f"{error.happened} {error.todo}", is_needed=False)
    display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    return Finding("window", True, f"display {display}")


def _devices() -> list[Finding]:
    try:
        from gan_studio.engine.machine.bfloat16 import rule
        from gan_studio.engine.machine.devices import find_devices
        from gan_studio.engine.machine.kernel_trial import can_fuse
    except Exception as error:  # noqa: BLE001  (a broken installation may raise anything, and the doctor has to say so)
        return [Finding("PyTorch", False, f"installed but cannot be loaded ({type(error).__name__}: {error})")]
    found = find_devices()
    findings = [Finding(f"device {device.name}", True, device.title) for device in found.devices]
    if found.fault is not None:
        findings.append(Finding("devices", False, str(found.fault.happened), is_needed=False))
    findings.append(Finding("bfloat16 on cpu", True, rule(found.devices[-1].bfloat16)))
    for name in (device.name for device in found.devices if device.name != "cpu"):
        try:
            is_fused = can_fuse(name)
        except RuntimeError as error:
            findings.append(Finding(f"kernels {name}", False, str(error).partition("\n")[0], is_needed=False))
            continue
        detail = (
            "fused, checked against torch's" if is_fused else "torch's, slower: the fused ones do not work, see the log"
        )
        findings.append(Finding(f"kernels {name}", is_fused, detail, is_needed=False))
    return findings


def _memory() -> Finding:
    free = psutil.virtual_memory().available
    return Finding("memory", free >= LEAST_FREE_BYTES, f"{bytes_text(free)} free")


def _starter() -> Finding:
    try:
        return Finding("starter data", True, str(resource("starter", "fashion-mnist", "train.npz")))
    except FileNotFoundError as error:
        return Finding("starter data", False, str(error))


def _disk() -> Finding:
    root = runs_root()
    existing = next(place for place in (root, *root.parents) if place.exists())
    free = atomic.free_bytes(existing)
    writable = os.access(existing, os.W_OK)
    return Finding("runs folder", writable and free > LEAST_FREE_BYTES, f"{root}, {bytes_text(free)} free")


def _sleep() -> Finding:
    """Try to keep the computer awake, as a run does; a run trains even if that fails."""
    with Wakefulness() as wakefulness:
        means = wakefulness.means
    if means:
        return Finding("no sleep", True, f"the computer is kept awake while a run trains, by {means}")
    return Finding("no sleep", True, "the computer cannot be kept awake from here; runs train all the same")
