"""A canary through the doors of the window: dropped, opened, among the recent runs, as a set-up, as a preset."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QComboBox, QWidget

from gan_studio.engine.config.presets import user_presets_folder
from gan_studio.ui.dialogs.questions import AskRun
from gan_studio.ui.presenters.preferences import Preferences
from tests.end2end.conftest import Studio, open_studio
from tests.end2end.hands import drop, file_url, notice
from tests.engine.references import References
from tests.engine.runs import tiny
from tests.reliability.canary import FORMS, SUFFIXES, as_torch_zip
from tests.reliability.ledger import Page

__all__ = ["open_studio"]
OpenStudio = Callable[..., Studio]


def hostile_run(place: Path, canary: Path, references: References) -> Path:
    """Train a run, and put the canary in the place of everything in it but run.toml."""
    references.copy_to(place, tiny(training__steps=2))
    for path in (*(place / "checkpoints").iterdir(), *(place / "snapshots").iterdir(), *(place / "samples").iterdir()):
        path.write_bytes(as_torch_zip(canary))
    return place


def test_that_no_door_of_the_window_runs_a_file(
    open_studio: OpenStudio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Page,
    references: References,
) -> None:
    canary = tmp_path / "canary"
    run = hostile_run(tmp_path / "run", canary, references)
    user_presets_folder().mkdir(parents=True)
    (user_presets_folder() / "mine.toml").write_bytes(as_torch_zip(canary))
    Preferences().add_recent_run(str(run))
    studio = open_studio(run)
    studio.wait_until(lambda: notice(studio) != "")
    presets = studio.find(QComboBox, "presetBox")
    assert "mine" not in [presets.itemText(index) for index in range(presets.count())]
    (tmp_path / "files").mkdir()
    dropped = 0
    for form, write in FORMS.items():
        for suffix in SUFFIXES:
            path = tmp_path / "files" / f"{form}{suffix}"
            path.write_bytes(write(canary))
            dropped += drop(studio, file_url(path))
    drop(studio, file_url(tmp_path / "files"))
    drop(studio, file_url(run))
    monkeypatch.setattr(AskRun, "ask", staticmethod(lambda *_: run))
    studio.window.views.actions["openRunAction"].trigger()
    studio.wait_until(lambda: notice(studio) != "")
    assert studio.find(QWidget, "noticeBar").isVisible()
    studio.close()
    shutil.rmtree(run)
    assert dropped
    assert not canary.exists()
    ledger.injected(11, "a canary behind a door of the window", dropped + 5)
