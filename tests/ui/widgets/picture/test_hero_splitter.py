"""HeroSplitter: a picture gets the room that it can use, beside the rest or above it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.ui.widgets.picture.hero_splitter import HeroSplitter

FOOT = 40
"""Pixels that the hero needs below its square picture."""


@pytest.fixture
def splitter(qtbot: QtBot) -> HeroSplitter:
    hero, rest = QWidget(), QWidget()
    for part in (hero, rest):
        part.setMinimumSize(100, 120)
    splitter = HeroSplitter(hero, rest, lambda height: height - FOOT, lambda width: width + FOOT)
    qtbot.addWidget(splitter)
    splitter.resize(1200, 540)
    splitter.show()
    qtbot.waitExposed(splitter)
    return splitter


def hero(splitter: HeroSplitter) -> QWidget:
    found = splitter.widget(0)
    assert found is not None
    return found


def side(splitter: HeroSplitter) -> int:
    """Return the side of the picture."""
    return min(hero(splitter).width(), hero(splitter).height() - FOOT)


@pytest.mark.parametrize(("size", "least"), [((960, 540), 500), ((2240, 1280), 1240), ((700, 1200), 690)])
def test_that_the_picture_is_as_large_as_fits(splitter: HeroSplitter, size: tuple[int, int], least: int) -> None:
    splitter.resize(*size)
    assert side(splitter) >= least
    is_tall = splitter.orientation() == Qt.Orientation.Vertical
    assert is_tall == (size[1] > size[0])


@pytest.mark.parametrize("size", [(600, 560), (560, 700), (960, 540), (400, 260)])
def test_that_the_rest_keeps_its_share_and_nothing_is_squeezed(splitter: HeroSplitter, size: tuple[int, int]) -> None:
    splitter.resize(*size)
    rest = splitter.widget(1)
    assert rest is not None
    share = rest.width() / size[0] if splitter.orientation() == Qt.Orientation.Horizontal else rest.height() / size[1]
    assert share > 0.3
    assert rest.width() >= 100
    assert rest.height() >= 120


def test_that_a_rest_that_needs_much_width_goes_below_the_picture(splitter: HeroSplitter) -> None:
    splitter.resize(700, 700)
    beside = side(splitter)
    assert splitter.orientation() == Qt.Orientation.Horizontal
    wide = QWidget()
    wide.setMinimumSize(450, 120)
    wide_rest = QHBoxLayout()
    wide_rest.addWidget(wide)
    rest = splitter.widget(1)
    assert rest is not None
    rest.setMinimumSize(0, 0)
    rest.setLayout(wide_rest)
    wide.show()
    splitter.refit()
    assert splitter.orientation() == Qt.Orientation.Vertical
    assert beside > side(splitter) > 300


def drag(splitter: HeroSplitter, by: int) -> None:
    handle = splitter.handle(1)
    middle = handle.rect().center()
    way = QPoint(by, 0) if splitter.orientation() == Qt.Orientation.Horizontal else QPoint(0, by)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle + way)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + way)


def test_that_a_tall_window_keeps_the_share_that_a_person_chose_there(splitter: HeroSplitter, qtbot: QtBot) -> None:
    splitter.resize(500, 1200)
    before = hero(splitter).height()
    with qtbot.assertNotEmitted(splitter.share_chosen):
        drag(splitter, 150)
    splitter.resize(520, 1200)
    assert hero(splitter).height() == pytest.approx(before + 150, abs=5)
    splitter.resize(1200, 540)
    assert hero(splitter).width() == 500


def test_that_the_share_that_a_person_chose_stays(splitter: HeroSplitter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(splitter.share_chosen) as chosen:
        drag(splitter, 200)
    share = chosen.args[0]
    assert share == pytest.approx(700 / 1200, abs=0.02)
    splitter.resize(1600, 540)
    assert hero(splitter).width() / 1600 == pytest.approx(share, abs=0.02)
    splitter.set_share(0.0)
    assert hero(splitter).width() == 500


def test_that_a_share_that_was_remembered_is_used_without_a_signal(splitter: HeroSplitter, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(splitter.share_chosen):
        splitter.set_share(0.25)
    assert hero(splitter).width() == pytest.approx(300, abs=5)


@pytest.mark.parametrize("nonsense", [-1.0, 1.5, float("nan"), float("inf")])
def test_that_a_nonsense_share_is_none(splitter: HeroSplitter, nonsense: float) -> None:
    splitter.set_share(nonsense)
    assert hero(splitter).width() == 500
