"""Sliced job: long work for the window, done in slices that are too short to notice."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

SLICE_SECONDS = 0.004
"""Length of a slice: a quarter of the time for which anything may block the event loop."""


class SlicedJob(QObject):
    """Runs a generator piece by piece between the other events of the window.

    Signals:
        progressed: a slice is done and the job goes on.
        finished: the job is done.
    """

    progressed = Signal()
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run_slice)

    def start(self, job: Iterator[None]) -> None:
        """Drop the current job, and run the first slice of a new one at once.

        Args:
            job: a generator that does one small piece of work before each yield.
        """
        self._job = job
        self._run_slice()

    def stop(self) -> None:
        """Drop the current job."""
        self._timer.stop()
        self._job = iter(())

    @property
    def is_running(self) -> bool:
        """Whether the job has slices left."""
        return self._timer.isActive()

    def _run_slice(self) -> None:
        end = perf_counter() + SLICE_SECONDS
        for _ in self._job:
            if perf_counter() >= end:
                self._timer.start(0)
                self.progressed.emit()
                return
        self._timer.stop()
        self.finished.emit()
