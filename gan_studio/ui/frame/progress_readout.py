"""The readout in the toolbar: how far the run is, how fast, and how long it will take."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gan_studio.ui.frame.steady_rate import SteadyRate
from gan_studio.ui.widgets.number_text import clock_text, grouped, significant
from gan_studio.ui.widgets.steady_text import forget_room, show_steadily
from gan_studio.ui.widgets.tabular_font import tabular

NO_NUMBER = "\u2013"


class ProgressReadout(QWidget):
    """Three numbers in figures of one width; each keeps the room that it once needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._steps = 0, 0
        self._batch_size = 1
        self._now: float | None = None
        self._rate = SteadyRate()
        self._step_label, self._rate_label, self._eta_label = QLabel(), QLabel(), QLabel()
        self._build()
        self.retranslate()

    def set_progress(self, step: int, steps: int, images_per_second: float | None, batch_size: int) -> None:
        """Show where a run is.

        Args:
            step: steps done.
            steps: steps in all.
            images_per_second: the latest rate, or None while nothing is trained.
            batch_size: pictures in one step.
        """
        if images_per_second is None or step < self._step:
            self._rate = SteadyRate()
        if images_per_second is not None:
            self._rate.add(images_per_second)
        self._step, self._steps, self._batch_size = step, steps, batch_size
        self._now = images_per_second
        self._show_numbers()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(self.tr("Progress"))
        self._step_label.setAccessibleName(self.tr("Steps"))
        self._step_label.setToolTip(
            self.tr("Steps done, and steps in all. In a step both networks learn from one batch of pictures.")
        )
        self._rate_label.setAccessibleName(self.tr("Speed"))
        self._rate_label.setToolTip(
            self.tr("Pictures that the networks learn from in a second, averaged over the last moments.")
        )
        self._eta_label.setAccessibleName(self.tr("Time left"))
        self._eta_label.setToolTip(
            self.tr("Time until the last step at the present speed, in minutes and seconds; pauses not counted.")
        )
        self._show_numbers()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            for label in (self._step_label, self._rate_label, self._eta_label):
                forget_room(label)
            self.retranslate()

    def _show_numbers(self) -> None:
        text = self.tr("step {step} / {steps}")
        show_steadily(self._step_label, text.format(step=grouped(self._step), steps=grouped(self._steps)))
        shown = self._rate.value or self._now
        number = NO_NUMBER if shown is None else _rounded(shown)
        show_steadily(self._rate_label, self.tr("{rate} img/s").format(rate=number))
        show_steadily(self._eta_label, self._eta_text())

    def _eta_text(self) -> str:
        left = (self._steps - self._step) * self._batch_size
        if self._now is None or left <= 0:
            return self.tr("ETA {time}").format(time=NO_NUMBER)
        if self._rate.value is None:
            return self.tr("estimating\u2026")
        seconds = left / self._rate.value
        if seconds < 24 * 3600:
            return self.tr("ETA {time}").format(time=clock_text(seconds))
        days, hours = divmod(round(seconds / 3600), 24)
        return self.tr("ETA {days} d {hours} h").format(days=grouped(days), hours=hours)

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
    """Round to three digits, which is as much as an eye can follow."""
    return significant(float(f"{rate:.3g}"))
