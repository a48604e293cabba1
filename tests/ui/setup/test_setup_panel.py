"""SetupPanel: the set-up dock as a whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.ui.setup.fields.number_box import NumberBox
from gan_studio.ui.setup.model_table import ModelTable
from gan_studio.ui.setup.setup_panel import SetupPanel


class Marking(QTranslator):
    """Puts every text in angle marks."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"\u00ab{text}\u00bb"


@pytest.fixture
def panel(qtbot: QtBot) -> SetupPanel:
    panel = SetupPanel()
    panel.resize(300, 600)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def enter(qtbot: QtBot, panel: SetupPanel, name: str, text: str) -> None:
    box = panel.findChild(NumberBox, name)
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_that_an_edit_gives_the_whole_new_configuration(qtbot: QtBot, panel: SetupPanel) -> None:
    config = with_values(RunConfig(), {"seed": 5, "data.source": "/pictures", "model.width": 24})
    with qtbot.assertNotEmitted(panel.config_changed):
        panel.set_config(config)
    with qtbot.waitSignal(panel.config_changed) as told:
        enter(qtbot, panel, "batchSizeField", "32")
    assert told.args == [with_values(config, {"training.batch_size": 32})]
    assert panel.config() == told.args[0]


def test_that_the_layers_follow_an_edit(qtbot: QtBot, panel: SetupPanel) -> None:
    table = panel.findChild(ModelTable, "modelTable")
    before = table.rowCount()
    qtbot.keyClick(panel.findChild(QComboBox, "imageSizeField"), Qt.Key.Key_Down)
    assert table.rowCount() == before + 2


def test_that_what_is_still_being_typed_counts_when_the_configuration_is_asked_for(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    box = panel.findChild(NumberBox, "batchSizeField")
    box.selectAll()
    qtbot.keyClicks(box, "128")
    assert panel.config().training.batch_size == 128


def test_that_a_knob_is_told_once_an_edit_while_a_run_is_open(qtbot: QtBot, panel: SetupPanel) -> None:
    told: list[tuple[str, float]] = []
    panel.knob_changed.connect(lambda name, value: told.append((name, value)))
    panel.set_locked(True)
    with qtbot.assertNotEmitted(panel.config_changed):
        enter(qtbot, panel, "learningRateDField", "1e-4")
        enter(qtbot, panel, "stepsField", "20000")
        qtbot.keyClick(panel.findChild(NumberBox, "learningRateGField"), Qt.Key.Key_Up)
    assert told == [("learning_rate_d", 1e-4), ("steps", 20000.0), ("learning_rate_g", 5e-4)]
    assert panel.config().training.steps == 20000


def test_that_a_knob_changed_elsewhere_is_shown_without_a_signal(qtbot: QtBot, panel: SetupPanel) -> None:
    panel.set_locked(True)
    with qtbot.assertNotEmitted(panel.knob_changed), qtbot.assertNotEmitted(panel.config_changed):
        panel.set_knob("learning_rate_g", 7e-5)
        panel.set_knob("steps", 500.0)
    assert panel.findChild(NumberBox, "learningRateGField").text() == "7e-5"
    assert panel.config().training.learning_rate_g == 7e-5
    assert panel.config().training.steps == 500


def test_that_a_flag_and_a_whole_number_are_knobs_too(qtbot: QtBot, panel: SetupPanel) -> None:
    panel.set_locked(True)
    panel.set_knob("train_d", 0.0)
    panel.set_knob("d_steps", 3.0)
    training = panel.config().training
    assert (training.train_d, training.d_steps) == (False, 3)
    told: list[tuple[str, float]] = []
    panel.knob_changed.connect(lambda name, value: told.append((name, value)))
    panel.findChild(QCheckBox, "trainDField").click()
    assert told == [("train_d", 1.0)]


def test_that_the_origin_of_a_fine_tuned_run_is_named_and_can_be_removed(qtbot: QtBot, panel: SetupPanel) -> None:
    label, button = panel.findChild(QLabel, "fineTuneLabel"), panel.findChild(QToolButton, "removeFineTuneButton")
    assert not label.isVisible()
    panel.set_fine_tune(Path("/runs/garments"))
    assert label.isVisible()
    assert label.text() == "Fine-tunes: garments"
    assert "/runs/garments" in label.toolTip()
    with qtbot.waitSignal(panel.fine_tune_removed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.set_fine_tune(None)
    assert not label.isVisible()


def test_that_the_wheel_over_a_setting_scrolls_the_panel(qtbot: QtBot, panel: SetupPanel) -> None:
    box = panel.findChild(QComboBox, "imageSizeField")
    place = QPointF(box.mapTo(panel, box.rect().center()))
    QTest.wheelEvent(panel.windowHandle(), place, QPoint(0, -240))
    assert box.currentText() == "32"
    assert panel.findChild(QScrollArea, "setupFields").verticalScrollBar().value() > 0


def test_that_a_part_folds_away_by_key_and_comes_back(qtbot: QtBot, panel: SetupPanel) -> None:
    header, field = panel.findChild(QToolButton, "liveSectionButton"), panel.findChild(NumberBox, "stepsField")
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert not field.isVisible()
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert field.isVisible()


def test_that_a_folded_part_is_told_and_can_be_folded_again(qtbot: QtBot, panel: SetupPanel) -> None:
    assert panel.parts()["liveSection"] is True
    assert panel.parts()["tricksPart"] is False
    for name in ("liveSection", "tricksPart"):
        with qtbot.waitSignal(panel.part_folded) as told:
            panel.findChild(QToolButton, f"{name}Button").click()
        assert told.args == [name, name == "tricksPart"]
    with qtbot.assertNotEmitted(panel.part_folded):
        panel.open_part("liveSection", True)
        panel.open_part("tricksPart", False)
        panel.open_part("a part of another version", True)
    assert panel.parts()["liveSection"] is True
    assert panel.findChild(NumberBox, "stepsField").isVisible()
    assert panel.parts()["tricksPart"] is False


def test_that_the_wish_for_pictures_is_passed_on(qtbot: QtBot, panel: SetupPanel) -> None:
    with qtbot.waitSignal(panel.folder_wanted):
        panel.findChild(QPushButton, "chooseFolderButton").click()
    with qtbot.waitSignal(panel.file_wanted):
        panel.findChild(QPushButton, "chooseFileButton").click()


def test_that_the_narrowest_dock_cuts_no_editor_off(panel: SetupPanel) -> None:
    panel.resize(panel.minimumSizeHint())
    for area in panel.findChildren(QScrollArea):
        assert area.widget().width() <= area.viewport().width()


def test_that_names_are_unique(panel: SetupPanel) -> None:
    names = [child.objectName() for child in panel.findChildren(QWidget) if child.objectName()]
    ours = [name for name in names if not name.startswith("qt_")]
    assert len(ours) == len(set(ours))


def test_that_every_text_follows_the_language(qtbot: QtBot, panel: SetupPanel) -> None:
    translator = Marking()
    header, field = panel.findChild(QToolButton, "dataSectionButton"), panel.findChild(NumberBox, "batchSizeField")
    QApplication.installTranslator(translator)
    try:
        qtbot.waitUntil(lambda: header.text() == "\u00abData\u00bb")
        qtbot.waitUntil(lambda: field.accessibleName() == "\u00abBatch size\u00bb")
        qtbot.waitUntil(lambda: field.text() == "64\u00a0\u00abpictures\u00bb")
        assert (
            "\u00abPictures in one batch. A training step takes one batch for each step of D.\u00bb" in field.toolTip()
        )
        assert panel.findChild(QComboBox, "lossField").currentText() == "\u00abnon-saturating\u00bb"
        assert panel.findChild(ModelTable, "modelTable").item(0, 0).text() == "\u00abGenerator G\u00bb"
    finally:
        QApplication.removeTranslator(translator)


def fields_in_sight(panel: SetupPanel) -> set[str]:
    fields = [child for child in panel.findChildren(QWidget) if child.objectName().endswith("Field")]
    return {field.objectName() for field in fields if field.isVisible()}


def search(panel: SetupPanel, words: str) -> None:
    panel.findChild(QLineEdit, "setupSearch").setText(words)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("fused", "fusedKernelsField"),
        ("DiffAugment squares", "augmentCutoutField"),
        ("record.sample", "sampleEveryField"),
        ("spectral", "discriminatorNormField"),
        ("PENALTY wgan", "gradientPenaltyField"),
    ],
)
def test_that_a_search_finds_settings_by_title_help_choices_and_path_wherever_they_are_folded(
    panel: SetupPanel, words: str, field: str
) -> None:
    search(panel, words)
    assert fields_in_sight(panel) == {field}
    assert not panel.findChild(QPushButton, "chooseFolderButton").isVisible()


def test_that_a_search_that_finds_nothing_says_so_and_its_end_shows_all_as_it_was_left(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    before, answer = fields_in_sight(panel), panel.findChild(QLabel, "setupSearchAnswer")
    assert not answer.isVisible()
    search(panel, "no such thing")
    assert answer.isVisible()
    assert answer.text() == "No setting matches \u201cno such thing\u201d."
    assert fields_in_sight(panel) == set()
    qtbot.keyClick(panel.findChild(QLineEdit, "setupSearch"), Qt.Key.Key_Escape)
    assert not answer.isVisible()
    assert fields_in_sight(panel) == before
    assert panel.parts()["advancedSection"] is False


def test_that_a_search_names_a_setting_that_is_in_the_toolbar(panel: SetupPanel) -> None:
    search(panel, "cuda first")
    assert "In the toolbar: Device." in panel.findChild(QLabel, "setupSearchAnswer").text()


def test_that_the_live_settings_stay_in_sight_while_the_others_scroll(panel: SetupPanel) -> None:
    for part in panel.parts():
        panel.open_part(part, True)
    QApplication.processEvents()
    bar = panel.findChild(QScrollArea, "setupFields").verticalScrollBar()
    bar.setValue(bar.maximum())
    rate = panel.findChild(NumberBox, "learningRateGField")
    place = rate.mapTo(panel, QPoint(0, rate.height()))
    assert 0 < place.y() < panel.height() / 2
    assert rate.visibleRegion().boundingRect().height() == rate.height()


def test_that_the_lowest_dock_leaves_room_for_both_groups(panel: SetupPanel) -> None:
    panel.resize(panel.minimumSizeHint())
    for part in panel.parts():
        panel.open_part(part, True)
    QApplication.processEvents()
    heights = [area.height() for area in panel.findChildren(QScrollArea) if area.isVisible()]
    assert min(heights) >= 80


def test_that_the_title_of_the_live_settings_says_what_they_act_on(panel: SetupPanel) -> None:
    header = panel.findChild(QToolButton, "liveSectionButton")
    assert header.text() == "Live: also while a run trains"
    panel.set_locked(True)
    assert header.text() == "Live: acts on the open run"
