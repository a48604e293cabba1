"""File > Free space: from the menu to fewer files, while everything else goes on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QPushButton

from gan_studio.engine.run.folder import RunFolder
from tests.end2end.conftest import Studio
from tests.engine.references import References
from tests.engine.runs import resume, tiny

OpenStudio = Callable[..., Studio]


def test_that_space_is_offered_only_for_an_open_run(open_studio: OpenStudio) -> None:
    assert not open_studio().window.views.actions["freeSpaceAction"].isEnabled()


def test_that_older_checkpoints_go_from_the_menu_and_the_run_goes_on(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    references.copy_to(tmp_path / "run", tiny(training__steps=2))
    resume(tmp_path / "run", steps=3)
    studio = open_studio(tmp_path / "run")
    action = studio.window.views.actions["freeSpaceAction"]
    studio.wait_until(action.isEnabled)
    action.trigger()
    dialog, older = studio.find(QDialog, "freeSpaceDialog"), studio.find(QCheckBox, "checkpointsSpareBox")
    studio.wait_until(older.isEnabled)
    assert dialog.isVisible()
    assert not dialog.isModal()
    older.setChecked(True)
    studio.qtbot.mouseClick(studio.find(QPushButton, "freeSpaceDeleteButton"), Qt.MouseButton.LeftButton)
    studio.wait_until(lambda: "freed" in studio.find(QLabel, "freeSpaceResult").text())
    assert [moment.step for moment in RunFolder(tmp_path / "run").checkpoints()] == [3]
    dialog.close()
    studio.session.training.set_knob("steps", 5)
    studio.click("startButton")
    studio.wait_for_phase("finished")
    assert RunFolder(tmp_path / "run").checkpoints()[-1].step == 5
