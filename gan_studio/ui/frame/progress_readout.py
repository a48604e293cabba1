"""ProgressReadout: step, speed and time left of a run, in the toolbar."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gan_studio.ui.widgets.number_text import clock_text, grouped, significant
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.steady import let_shrink, show_steadily, tabular

WARM_UP = 6
"""Reports in a row that must be near the average before it counts as settled."""

PATIENCE = 60
"""Reports after which the average counts as settled even if the speed still jumps."""

_SLOW, _FAST, _NEAR = 0.12, 0.5, 0.25


class SteadyRate:
    """An exponential average of a run's speed that knows when it has settled."""

    def __init__(self) -> None:
        self._count = 0
        self._near_count = 0
        self._slow = 0.0
        self._fast = 0.0
        self._is_steady = False

    @property
    def value(self) -> float | None:
        """The average; None until it has settled."""
        return self._slow if self._is_steady and self._slow > 0 else None

    def add(self, rate: float) -> None:
        """Add a report, in any unit per second."""
        self._count += 1
        share = max(_SLOW, 1 / self._count)
        self._slow += share * (rate - self._slow)
        self._fast += max(_FAST, 1 / self._count) * (rate - self._fast)
        is_near = abs(self._fast - self._slow) <= _NEAR * self._slow
        self._near_count = self._near_count + 1 if is_near else 0
        self._is_steady = self._is_steady or self._near_count >= WARM_UP or self._count >= PATIENCE


NO_NUMBER = "\u2013"


class ProgressReadout(Retranslating, QWidget):
    """Three labels with digits of equal width; each grows with its number and never shrinks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._steps = 0, 0
        self._pictures_per_step = 1
        self._now: float | None = None
        self._rate = SteadyRate()
        self._step_label, self._rate_label, self._eta_label = QLabel(), QLabel(), QLabel()
        self._build()
        self.retranslate()

    def set_progress(self, step: int, steps: int, images_per_second: float | None, pictures_per_step: int) -> None:
        """Show the progress of a run.

        Args:
            step: steps done.
            steps: steps in total.
            images_per_second: the latest speed, or None while no run trains.
            pictures_per_step: real pictures in one step: a batch for each step of D.
        """
        if images_per_second is None or step < self._step:
            self._rate = SteadyRate()
        if images_per_second is not None:
            self._rate.add(images_per_second)
        self._step, self._steps, self._pictures_per_step = step, steps, pictures_per_step
        self._now = images_per_second
        self._show_numbers()

    def retranslate(self) -> None:
        """Set every text."""
        for label in (self._step_label, self._rate_label, self._eta_label):
            let_shrink(label)
        self.setAccessibleName(self.tr("Progress"))
        self._step_label.setAccessibleName(self.tr("Steps"))
        self._step_label.setToolTip(
            self.tr("Steps done, and steps in total. In each step D learns from one batch or more, then G from one.")
        )
        self._rate_label.setAccessibleName(self.tr("Speed"))
        self._rate_label.setToolTip(
            self.tr(
                "Real pictures that training takes in each second, averaged over the last steps. The time for samples"
                " and saves is counted, pauses are not."
            )
        )
        self._eta_label.setAccessibleName(self.tr("Time left"))
        self._eta_label.setToolTip(self.tr("Time until the last step at the current speed. Pauses are not counted."))
        self._show_numbers()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the labels again in a new font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.retranslate()

    def _show_numbers(self) -> None:
        text = self.tr("step {step} / {steps}")
        show_steadily(self._step_label, text.format(step=grouped(self._step), steps=grouped(self._steps)))
        shown = self._rate.value or self._now
        number = NO_NUMBER if shown is None else _rounded(shown)
        show_steadily(self._rate_label, self.tr("{rate} img/s").format(rate=number))
        show_steadily(self._eta_label, self._eta_text())

    def _eta_text(self) -> str:
        left = (self._steps - self._step) * self._pictures_per_step
        if self._now is None or left <= 0:
            return self.tr("{time} left").format(time=NO_NUMBER)
        if self._rate.value is None:
            return self.tr("estimating\u2026")
        seconds = left / self._rate.value
        if seconds < 24 * 3600:
            return self.tr("{time} left").format(time=clock_text(seconds))
        days, hours = divmod(round(seconds / 3600), 24)
        return self.tr("{days} d {hours} h left").format(days=grouped(days), hours=hours)

    def _build(self) -> None:
        self.setObjectName("progressReadout")
        names = ("stepReadout", "rateReadout", "etaReadout")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 8, 0)
        line.setSpacing(16)
        for label, name in zip((self._step_label, self._rate_label, self._eta_label), names, strict=True):
            label.setObjectName(name)
            label.setFont(tabular(label.font()))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(label)
        self._rate_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._eta_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)


def _rounded(rate: float) -> str:
    """Round to three digits: nobody can read more of a number that keeps changing."""
    return significant(float(f"{rate:.3g}"))
