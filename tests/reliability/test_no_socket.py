"""The supply chain: nothing with known holes is installed, and a whole run opens no connection."""

import importlib.metadata
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = {requirement.name: requirement for requirement in map(Requirement, PROJECT["dependencies"])}

HOLES = {
    "torch": ("2.9.1", "CVE-2025-32434, CVE-2026-24747: loading weights runs what they say"),
    "pillow": ("12.3.0", "CVE-2026-112403 and others: decoders write beyond their memory"),
    "filelock": ("4.2.10", "CVE-2025-68146 and others: a lock follows a link"),
}
"""The last version of each with a known hole that this program would be open to."""
NEVER = {"hydra-core", "torchaudio", "pyyaml", "dill", "cloudpickle", "joblib"}
"""What loads programs from settings or weights."""


@pytest.mark.parametrize("name", HOLES)
def test_that_no_version_with_a_known_hole_is_asked_for_or_here(name: str) -> None:
    last, why = HOLES[name]
    assert last not in REQUIREMENTS[name].specifier, why
    assert Version(importlib.metadata.version(name).partition("+")[0]) > Version(last), why


def test_that_every_dependency_has_a_floor_and_none_loads_programs() -> None:
    lines = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]
    found = [Requirement(line) for line in lines]
    assert [one.name for one in found if not any(spec.operator in (">=", "==", "~=") for spec in one.specifier)] == []
    assert {one.name.lower() for one in found} & NEVER == set()


CHILD = """
import json, sys
from pathlib import Path

opened = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        opened.append(f"{event} {arguments[-1] if event.startswith('socket.get') else arguments[1:]}")
    if event == "urllib.Request":
        opened.append(f"{event} {arguments[0]}")

sys.addaudithook(watch)
from gan_studio.__main__ import main

place = sys.argv[1]
small = ["--set", "model.width=4", "--set", "model.latent_dim=8", "--set", "training.batch_size=8"]
assert main(["train", "--steps", "2", "--out", place, "--json", *small]) == 0
assert main(["resume", place, "--steps", "3", "--json"]) == 0
assert main(["sample", place, "--count", "4", "--out", place + ".png", "--json"]) == 0
assert main(["history", place, "--json"]) == 0
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication
from gan_studio.ui.main_window import MainWindow
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.session.studio_session import StudioSession

app = QApplication(["gan-studio"])
session = StudioSession()
window = MainWindow(session, Preferences(), Path(place))
window.show()
window.begin()
while session.training.state.step != 3 or window.views.explore.picture is None:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
session.training.stop()
window.close()
session.end()
by_itself = list(opened)
assert main(["train", "--data", "torchvision:cifar10", "--steps", "1", "--out", place + " again", *small]) == 2
print(json.dumps([by_itself, opened]))
"""


def test_that_a_whole_run_and_the_window_open_no_connection(tmp_path: Path, ledger: Page) -> None:
    """A data set that has to be downloaded, last, shows that one would be noticed: its proxy is not there.

    It needs a process of its own, because an audit hook stays for good.
    """
    pytest.importorskip("PySide6")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    environment |= dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(tmp_path / "run")]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-3_000:]
    by_itself, in_all = json.loads(done.stdout.splitlines()[-1])
    assert by_itself == []
    assert in_all != []
    ledger.injected(14, "an audit hook on every connection", 1)
