"""A monkey at the window: by a seed it clicks, drags, resizes, saves, opens again; what the program holds is kept."""

import gc
import random
from dataclasses import dataclass

import numpy as np
import psutil
import shiboken6
from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QApplication, QSlider, QTabWidget, QWidget

from gan_studio.engine.events import RunPhase
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from tests.end2end.conftest import Studio


@dataclass(frozen=True)
class Holdings:
    """What the program holds at a moment: resident bytes, living Qt objects, threads, and open files."""

    memory: int
    objects: int
    threads: int
    files: int


def holdings(studio: Studio) -> Holdings:
    """Count what the program holds now."""
    QApplication.sendPostedEvents(None, 52)  # QEvent.Type.DeferredDelete
    gc.collect()
    process = psutil.Process()
    wrapped = sum(issubclass(type(thing), QObject) and shiboken6.isValid(thing) for thing in gc.get_objects())
    objects = max(wrapped, len(studio.window.findChildren(QObject)))
    return Holdings(process.memory_info().rss, objects, process.num_threads(), process.num_fds())


def growth(values: list[int]) -> float:
    """Fit a line through the last half of some counts; returns how much it rises over that half."""
    last = np.array(values[len(values) // 2 :], dtype=np.float64)
    slope = np.polyfit(np.arange(len(last)), last, 1)[0]
    return float(slope * (len(last) - 1))


class Monkey:
    """Does one thing after another in a window whose run is at work, and waits until each has had its effect."""

    def __init__(self, studio: Studio, seed: int) -> None:
        self._studio, self._draw = studio, random.Random(seed)
        self._deeds = (
            self._pause_and_go_on,
            self._step,
            self._drag_a_slider,
            self._resize,
            self._choose_a_theme,
            self._choose_a_tab,
            self._save,
            self._sample,
            self._look_back,
            self._go_back,
            self._open_again,
        )

    def act(self) -> str:
        """Do one thing; returns its name."""
        deed = self._draw.choice(self._deeds)
        deed()
        QApplication.processEvents()
        self._studio.wait_for_phase("running")
        return deed.__name__

    def _pause_and_go_on(self) -> None:
        self._studio.click("pauseButton")
        self._studio.wait_for_phase("paused")
        self._studio.click("startButton")

    def _step(self) -> None:
        self._studio.click("pauseButton")
        self._studio.wait_for_phase("paused")
        before = self._studio.session.training.state.step
        self._studio.click("stepButton")
        self._studio.wait_until(lambda: self._studio.session.training.state.step == before + 1)
        self._studio.click("startButton")

    def _drag_a_slider(self) -> None:
        self._show_tab(1)
        sliders = [slider for slider in self._studio.window.views.explore.findChildren(QSlider) if slider.isVisible()]
        if sliders:
            self._studio.drag(self._draw.choice(sliders), self._draw.randint(-40, 40))

    def _resize(self) -> None:
        self._studio.window.resize(QSize(self._draw.randint(900, 1600), self._draw.randint(600, 1000)))

    def _choose_a_theme(self) -> None:
        self._trigger(self._draw.choice(("lightThemeAction", "darkThemeAction")))

    def _choose_a_tab(self) -> None:
        self._show_tab(self._draw.randrange(self._studio.find(QTabWidget, "tabs").count()))

    def _save(self) -> None:
        self._trigger("checkpointNowAction")

    def _sample(self) -> None:
        self._trigger("sampleNowAction")

    def _look_back(self) -> None:
        self._show_tab(0)
        slider = self._studio.find(QSlider, "sampleHistorySlider")
        slider.setValue(self._draw.randint(slider.minimum(), slider.maximum()))
        slider.setValue(slider.maximum())

    def _go_back(self) -> None:
        moment = self._draw.choice(self._folder().checkpoints())
        training = self._studio.session.training
        branch = training.state.branch
        training.roll_back(moment)
        self._studio.wait_until(lambda: training.state.branch != branch or not self._is_there(moment))

    def _open_again(self) -> None:
        training = self._studio.session.training
        self._studio.click("stopButton")
        self._studio.wait_for_phase("finished")
        with self._studio.qtbot.waitSignal(self._studio.session.contents_shown, timeout=60_000):
            self._studio.session.open_run(self._folder().root)
        self._studio.click("startButton")
        self._studio.wait_until(lambda: training.state.phase is RunPhase.RUNNING)

    def _is_there(self, moment: Moment) -> bool:
        return self._folder().checkpoint(moment).exists()

    def _folder(self) -> RunFolder:
        place = self._studio.session.training.state.place
        assert place is not None
        return RunFolder(place)

    def _trigger(self, action: str) -> None:
        self._studio.window.views.actions[action].trigger()

    def _show_tab(self, index: int) -> None:
        tabs: QTabWidget = self._studio.find(QTabWidget, "tabs")
        page: QWidget = tabs.widget(index)
        tabs.setCurrentWidget(page)
