"""A file of weights at the window: opened and explored at once, without pictures and without training."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QPushButton, QSlider, QTabWidget, QWidget

import gan_studio
from gan_studio.engine.files.picture_origin import PictureOrigin, read_origin
from gan_studio.engine.files.saved_picture import PictureForm
from gan_studio.engine.run.folder import RunFolder
from gan_studio.ui.dialogs.picture import AskPicture
from gan_studio.ui.dialogs.questions import AskWeights
from gan_studio.ui.frame.notice_bar import NoticeBar
from tests.end2end.conftest import Studio
from tests.end2end.hands import drop, enabled, file_url, notice, picture_of, text_of
from tests.engine.exchange.foreign import foreign_generator, named
from tests.engine.references import References

OpenStudio = Callable[..., Studio]


@pytest.fixture
def pth(tmp_path: Path) -> Path:
    """Write a generator as another program saves it."""
    others = {f"odd{number}": torch.ones(1) for number in range(5)}
    torch.save(named("main.", foreign_generator((32, 16, 8, 4), bias=True)) | others, tmp_path / "netG.pth")
    return tmp_path / "netG.pth"


def test_that_weights_of_another_program_are_converted_explored_and_trained_from(
    open_studio: OpenStudio, pth: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio()
    monkeypatch.setattr(AskWeights, "ask", staticmethod(lambda _: pth))
    studio.window.views.actions["openWeightsAction"].trigger()
    assert "Opening netG.pth" in notice(studio)
    studio.wait_until(lambda: picture_of(studio) is not None)
    converted = pth.with_suffix(".safetensors")
    weights = gan_studio.load_weights(converted)
    assert np.array_equal(picture_of(studio), weights.sample(1)[0])
    assert studio.find(QTabWidget, "tabs").currentWidget() is studio.find(QWidget, "exploreTab")
    for words in ("Exploring the weights in netG.pth", f"Converted to {converted}", "(4) were folded", "Assumed"):
        assert words in notice(studio)
    assert not studio.find(QSlider, "snapshotSlider").isVisible()
    studio.click("randomizeButton")
    studio.wait_until(lambda: not np.array_equal(picture_of(studio), weights.sample(1)[0]))
    assert enabled(studio) == {"start": True, "pause": False, "step": False, "stop": False}
    assert studio.session.training.state.place is None
    studio.click("noticeActionButton")
    assert studio.session.training.terms.fine_tune == converted
    assert (text_of(studio, "widthField"), text_of(studio, "latentDimField")) == ("4", "6")
    assert "network settings" in notice(studio)


def test_that_a_picture_of_weights_without_a_run_is_named_after_their_file(
    open_studio: OpenStudio, pth: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = list[str]()

    def answer(_parent: QWidget, _pixels: object, name: str, *_: object) -> tuple[Path, PictureForm]:
        names.append(name)
        return tmp_path / "saved.png", PictureForm("PNG")

    monkeypatch.setattr(AskPicture, "ask", staticmethod(answer))
    studio = open_studio(pth)
    studio.wait_until(lambda: picture_of(studio) is not None)
    with studio.qtbot.waitSignal(studio.session.library.picture_saved):
        studio.click("savePictureButton")
    origin = read_origin(tmp_path / "saved.png")
    assert isinstance(origin, PictureOrigin)
    assert names == ["netG seed 0"]
    assert (origin.run, origin.seed) == ("netG", 0)
    drawn = gan_studio.load_weights(pth.with_suffix(".safetensors")).draw(origin.point.z[None])
    assert np.array_equal(picture_of(studio), drawn[0])


def test_that_dropped_weights_take_the_place_of_a_run_and_others_are_refused_in_words(
    open_studio: OpenStudio, tmp_path: Path, references: References
) -> None:
    run = references.copy_to(tmp_path / "run")
    kept = RunFolder(run).snapshot(RunFolder(run).snapshots()[1])
    alone = Path(shutil.copy(kept, tmp_path / "alone.safetensors"))
    (tmp_path / "words.pth").write_text("no weights")
    studio = open_studio(run)
    studio.wait_until(lambda: picture_of(studio) is not None)
    assert drop(studio, file_url(alone))
    expected = gan_studio.load_run(run, step=RunFolder(run).snapshots()[1].step).sample(1)[0]
    studio.wait_until(lambda: np.array_equal(picture_of(studio), expected))
    assert studio.session.training.state.place is None
    assert studio.find(QWidget, "welcomePanel").isVisibleTo(studio.window.views.train)
    assert drop(studio, file_url(tmp_path / "words.pth"))
    studio.wait_until(lambda: "neither loaded nor run" in notice(studio))
    assert "Nothing was written" in notice(studio)
    assert np.array_equal(picture_of(studio), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.safetensors", "run", "words.pth"]


def test_that_the_window_opens_with_weights(open_studio: OpenStudio, pth: Path) -> None:
    first = open_studio(pth)
    first.wait_until(lambda: "Converted to" in notice(first))
    first.close()
    again = open_studio(pth)
    again.wait_until(lambda: "Converted before, to" in notice(again))
    assert "(4) were folded" in notice(again)
    assert "Not used: odd2: it belongs to no layer." in notice(again)
    assert "odd3" not in notice(again)
    assert "Not used: 2 more tensors" in notice(again)
    assert again.find(QPushButton, "noticeActionButton").text() == "Fine-tune from it"
    assert sorted(path.name for path in pth.parent.glob("netG*")) == ["netG.pth", "netG.safetensors"]


def test_that_what_is_said_of_weights_stays_while_they_are_explored_and_no_longer(
    open_studio: OpenStudio, pth: Path, tmp_path: Path, references: References
) -> None:
    run = references.copy_to(tmp_path / "run")
    (tmp_path / "words.pth").write_text("no weights")
    studio = open_studio(pth)
    studio.wait_until(lambda: "Exploring the weights in netG.pth" in notice(studio))
    assert drop(studio, file_url(tmp_path / "words.pth"))
    studio.wait_until(lambda: "neither loaded nor run" in notice(studio))
    studio.click("noticeCloseButton")
    assert "Exploring the weights in netG.pth" in notice(studio)
    assert "Assumed" in notice(studio)
    studio.find(NoticeBar, "noticeBar").show_notice("Something passes.")
    assert "Something passes." in notice(studio)
    studio.click("noticeCloseButton")
    assert studio.find(QPushButton, "noticeActionButton").text() == "Fine-tune from it"
    studio.session.open_run(run)
    studio.wait_until(lambda: studio.session.training.state.place == run)
    studio.wait_until(lambda: "without a run" not in notice(studio))
