"""What `gan-studio doctor` finds, and how it is told."""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_studio.__main__ import main
from gan_studio.cli.not_loaded import is_of_torch
from gan_studio.engine.machine import devices, kernel_trial
from gan_studio.engine.machine.device import Device, FoundDevices
from gan_studio.engine.support.doctor import WINDOW_PACKAGES, Finding, examine
from gan_studio.engine.text.message import EngineError, Message


def finding(name: str) -> Finding:
    return next(found for found in examine() if found.name == name)


def test_that_a_machine_that_runs_these_tests_is_found_fit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["Python"] == {"ok": True, "detail": sys.version.split()[0], "needed": True}
    assert answer["torch"]["detail"] == importlib.metadata.version("torch")
    assert answer["device cpu"]["ok"] is True
    assert set(answer) >= {"PySide6-Essentials", "window", "memory", "starter data", "runs folder"}


def test_that_every_finding_has_a_line_that_a_person_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(examine())
    assert all(line.startswith("ok ") for line in lines)
    assert any(line.split()[1:3] == ["device", "cpu"] for line in lines)


@pytest.mark.parametrize(("works", "word"), [(True, "ok"), (False, "without")])
def test_that_a_cuda_device_says_whose_kernels_it_can_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, works: bool, word: str
) -> None:
    found = FoundDevices((Device("cuda:0", "a GPU, 80 GB", 80 * 10**9),), None)
    monkeypatch.setattr(devices, "find_devices", lambda: found)
    monkeypatch.setattr(kernel_trial, "can_fuse", lambda name: works)
    assert main(["doctor"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "kernels cuda:0" in line]
    assert line.split()[0] == word


def test_that_a_pytorch_that_cannot_be_loaded_is_found_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gan_studio.engine.machine.devices", None)  # importing it raises
    assert main(["doctor"]) == 1
    missing = [line for line in capsys.readouterr().out.splitlines() if line.startswith("MISSING")]
    assert [line.split()[1:6] for line in missing] == [["PyTorch", "installed", "but", "cannot", "be"]]


def test_that_a_missing_package_is_named_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real_version = importlib.metadata.version

    def version(name: str) -> str:
        if name == "safetensors":
            raise importlib.metadata.PackageNotFoundError(name)
        return real_version(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert main(["doctor"]) == 1
    missing = [line for line in capsys.readouterr().out.splitlines() if line.startswith("MISSING")]
    assert [line.split()[1] for line in missing] == ["safetensors"]
    assert "not installed" in missing[0]


@pytest.fixture
def no_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take Qt away, as on a machine that only trains."""
    real_version, real_spec = importlib.metadata.version, importlib.util.find_spec

    def version(name: str) -> str:
        if name in WINDOW_PACKAGES:
            raise importlib.metadata.PackageNotFoundError(name)
        return real_version(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "PySide6" else real_spec(name))


@pytest.mark.usefixtures("no_qt")
def test_that_a_machine_without_qt_is_ready_to_train(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    lines = {line.split()[1]: line for line in capsys.readouterr().out.splitlines() if not line.startswith("ok ")}
    assert set(lines) == {*WINDOW_PACKAGES, "window"}
    assert all(line.startswith("without") for line in lines.values())
    assert "the command line works without it" in lines["window"]


WITHOUT_QT = "import sys; sys.modules['PySide6'] = None; from gan_studio.__main__ import main; sys.exit(main())"
BROKEN_PARTS = "import sys; sys.path.insert(0, sys.argv.pop()); from gan_studio.__main__ import main; sys.exit(main())"


@pytest.mark.parametrize("arguments", [[], ["--run", "somewhere"]])
@pytest.mark.parametrize("fault", ["missing", "broken"])
def test_that_a_window_without_qt_says_what_to_install(tmp_path: Path, arguments: list[str], fault: str) -> None:
    """A fresh process, because Qt must not be found."""
    program, last = (WITHOUT_QT, []) if fault == "missing" else (BROKEN_PARTS, [str(tmp_path)])
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").touch()
    (tmp_path / "PySide6" / "QtCore.abi3.so").write_bytes(b"no library")
    (tmp_path / "PySide6" / "QtCore.pyd").write_bytes(b"no library")
    command = [sys.executable, "-c", program, *arguments, *last]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert answer.stdout == ""
    told = answer.stderr.strip().splitlines()
    assert len(told) == 3, answer.stderr
    assert "Qt cannot be loaded" in told[0]
    assert "pip install" in told[2]
    assert "gan-studio --help" in told[2]


@pytest.mark.parametrize("fault", ["", "raise OSError('libtorch_cpu.so: cannot open shared object file')"])
@pytest.mark.parametrize("arguments", [["train", "--steps", "2"], ["bench", "--quick"]])
def test_that_training_without_pytorch_says_what_to_install(tmp_path: Path, arguments: list[str], fault: str) -> None:
    """A fresh process, because torch must not be found."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text(fault or "raise ModuleNotFoundError('no torch', name='torch')")
    command = [sys.executable, "-c", BROKEN_PARTS, *arguments, str(tmp_path)]
    environment = {**os.environ, "GAN_STUDIO_RUNS": str(tmp_path / "runs")}
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert answer.returncode == 2, answer.stderr
    told = answer.stderr.strip().splitlines()
    assert len(told) == 3, answer.stderr
    assert "PyTorch could not be loaded" in told[0]
    assert "Reinstall torch" in told[2]
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    "error", [ImportError("no numpy", name="numpy"), OSError("disk is full"), ImportError("no torchlight")]
)
def test_that_a_fault_of_something_else_is_not_put_down_to_pytorch(error: ImportError | OSError) -> None:
    with pytest.raises(type(error)) as caught:
        raise error
    assert not is_of_torch(caught.value)


def test_that_missing_starter_pictures_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nowhere(*parts: str) -> Path:
        raise FileNotFoundError(f"GAN Studio was installed without {tmp_path.joinpath(*parts)}")

    monkeypatch.setattr("gan_studio.engine.support.doctor.resource", nowhere)
    found = finding("starter data")
    assert not found.ok
    assert "train.npz" in found.detail


def test_that_the_place_of_new_runs_is_told_even_where_it_is_not_there_yet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "not" / "yet"))
    found = finding("runs folder")
    assert found.ok
    assert str(tmp_path / "not" / "yet") in found.detail
    assert not (tmp_path / "not").exists()


def test_that_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path))
    monkeypatch.setattr("gan_studio.engine.files.atomic.free_bytes", lambda _folder: 2**20)
    assert not finding("runs folder").ok


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems always have a screen")
@pytest.mark.parametrize(("display", "told"), [(":7", "no connection to the display :7"), ("", "there is no display")])
def test_that_a_machine_on_which_no_window_opens_is_told_why_and_can_train(
    monkeypatch: pytest.MonkeyPatch, display: str, told: str
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    found = finding("window")
    assert (found.ok, found.is_needed) == (False, False)
    assert told in found.detail
    assert "gan-studio train" in found.detail


def test_that_a_graphics_device_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = EngineError(
        Message("device.not_listed", error="driver"), Message("kept.other_devices"), Message("todo.look_again")
    )
    monkeypatch.setattr(devices, "find_devices", lambda: FoundDevices((Device("cpu", "CPU", 1),), fault))
    assert "could not be listed (driver)" in finding("devices").detail
