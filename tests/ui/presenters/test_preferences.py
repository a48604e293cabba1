"""What the window remembers between two launches."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from gan_studio.engine.files.saved_picture import PictureForm
from gan_studio.ui.presenters.preferences import MOST_RECENT, Preferences
from gan_studio.ui.widgets.theme import THEMES, Theme


@pytest.fixture(autouse=True)
def application(qapp: QApplication, own_home: Path) -> None:
    """Let settings go to the test's own home, which needs Qt to be loaded."""


def test_that_a_first_launch_has_nothing_to_remember() -> None:
    preferences = Preferences()
    assert preferences.theme == "system"
    assert preferences.recent_runs == ()
    assert preferences.geometry.isEmpty()
    assert preferences.layout.isEmpty()


@pytest.mark.parametrize("theme", THEMES)
def test_that_the_theme_is_there_at_the_next_launch(theme: Theme) -> None:
    Preferences().theme = theme
    assert Preferences().theme == theme


def test_that_a_theme_of_another_version_is_taken_as_the_systems(own_home: Path) -> None:
    Preferences().theme = "sepia"  # type: ignore[assignment]
    assert Preferences().theme == "system"


@pytest.mark.parametrize(
    "paths",
    [
        ["/runs/one"],
        ["/runs/one", "/runs/two, with a comma"],
        ["/runs/2026-01-01 10.00.00 quickstart", "/runs/皮影", '/runs/"quoted"', "C:\\runs\\one"],
    ],
)
def test_that_recent_runs_come_newest_first_and_whole(paths: list[str]) -> None:
    for path in paths:
        Preferences().add_recent_run(path)
    assert list(Preferences().recent_runs) == paths[::-1]


def test_that_a_run_opened_again_moves_to_the_head() -> None:
    preferences = Preferences()
    for path in ("/one", "/two", "/one"):
        preferences.add_recent_run(path)
    assert preferences.recent_runs == ("/one", "/two")


def test_that_only_the_newest_runs_are_remembered() -> None:
    preferences = Preferences()
    for number in range(MOST_RECENT + 5):
        preferences.add_recent_run(f"/runs/{number}")
    assert len(preferences.recent_runs) == MOST_RECENT
    assert preferences.recent_runs[0] == f"/runs/{MOST_RECENT + 4}"


def test_that_recent_runs_can_be_forgotten() -> None:
    Preferences().add_recent_run("/one")
    Preferences().clear_recent_runs()
    assert Preferences().recent_runs == ()


def test_that_where_the_window_stood_is_remembered() -> None:
    Preferences().remember(QByteArray(b"place\0and size"), QByteArray(b"docks"))
    assert Preferences().geometry == QByteArray(b"place\0and size")
    assert Preferences().layout == QByteArray(b"docks")


def test_that_a_damaged_file_of_settings_is_no_obstacle(own_home: Path) -> None:
    Preferences().add_recent_run("/one")
    Preferences().remember(QByteArray(b"x"), QByteArray(b"y"))
    (file,) = own_home.rglob("*.ini")
    file.write_text("[General]\ngeometry=12\nlayout=\ntheme=@Invalid()\nrecentRuns=")
    preferences = Preferences()
    assert preferences.theme == "system"
    assert preferences.recent_runs == ()
    assert preferences.geometry.isEmpty()


def test_that_parts_stay_folded_or_open_as_they_were_left() -> None:
    assert Preferences().is_open("tricksPart", False) is False
    assert Preferences().is_open("dataSection", True) is True
    Preferences().set_open("tricksPart", True)
    Preferences().set_open("dataSection", False)
    assert Preferences().is_open("tricksPart", False) is True
    assert Preferences().is_open("dataSection", True) is False


def test_that_pictures_are_saved_next_time_as_they_were_saved_last(tmp_path: Path) -> None:
    assert Preferences().picture_form == PictureForm()
    assert Preferences().picture_folder == Path.home()
    Preferences().remember_picture(PictureForm("WebP", 8, is_smooth=True), tmp_path / "皮影")
    assert Preferences().picture_form == PictureForm("WebP", 8, is_smooth=True)
    assert Preferences().picture_folder == tmp_path / "皮影"


def test_that_each_tab_keeps_the_share_and_the_smoothness_of_its_pictures() -> None:
    assert not Preferences().is_smooth("trainTab")
    assert Preferences().share("trainTab") == 0.0
    Preferences().set_smooth("trainTab", True)
    Preferences().set_share("trainTab", 0.4)
    assert (Preferences().is_smooth("trainTab"), Preferences().is_smooth("exploreTab")) == (True, False)
    assert (Preferences().share("trainTab"), Preferences().share("exploreTab")) == (0.4, 0.0)


def test_that_nonsense_about_saved_pictures_is_the_default(own_home: Path) -> None:
    Preferences().remember(QByteArray(b"x"), QByteArray(b"y"))
    (file,) = own_home.rglob("*.ini")
    file.write_text("[picture]\nformat=PDF\nfactor=3\nfolder=\n[smooth]\nsaved=perhaps\n[share]\ntrainTab=half\n")
    assert Preferences().picture_form == PictureForm()
    assert Preferences().picture_folder == Path.home()
    assert Preferences().share("trainTab") == 0.0


def test_that_the_speed_of_this_machine_is_remembered_and_nonsense_is_none() -> None:
    assert Preferences().speed == 0.0
    Preferences().speed = 2.5e10
    assert Preferences().speed == 2.5e10
    Preferences().speed = "fast"  # type: ignore[assignment]
    assert Preferences().speed == 0.0
