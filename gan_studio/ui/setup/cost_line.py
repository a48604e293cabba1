"""The line that says what a set-up costs: memory, and time on this machine."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.models.estimates import estimated_memory, first_sheet_seconds, step_seconds
from gan_studio.ui.widgets.number_text import bytes_text, clock_text, significant
from gan_studio.ui.widgets.rich_text import paragraphs

A_MINUTE = 60.0


class CostLine(QLabel):
    """Tells memory and time of the set-up shown; time only once this machine has been measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = RunConfig()
        self._classes = 0
        self._speed = 0.0
        self.setObjectName("costLine")
        self.setWordWrap(True)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.retranslate()

    @property
    def first_sheet_seconds(self) -> float | None:
        """Time from the first step to the first sheet after it, or None where nothing was measured here yet."""
        if not self._speed:
            return None
        return first_sheet_seconds(self._config, self._speed, self._counted)

    def show_config(self, config: RunConfig) -> None:
        """Tell the cost of another set-up."""
        self._config = config
        self.retranslate()

    def set_classes(self, count: int) -> None:
        """Count in the tables of so many classes, where the model is conditional."""
        self._classes = count
        self.retranslate()

    def set_speed(self, multiply_adds_per_second: float) -> None:
        """Take what was measured on this machine; 0: nothing yet."""
        self._speed = multiply_adds_per_second
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("What this set-up costs"))
        memory = bytes_text(estimated_memory(self._config, self._counted))
        first = self.first_sheet_seconds
        if first is None:
            text = self.tr("About {memory} of memory. How long a step takes is measured while the window rests.")
            self.setText(text.format(memory=memory))
        else:
            text = self.tr(
                "About {memory} of memory. On this machine a step takes about {step}, the first sheet {first}."
            )
            step = step_seconds(self._config, self._speed, self._counted)
            self.setText(text.format(memory=memory, step=self._duration(step), first=self._duration(first)))
        tip = self.tr(
            "Estimated from the layers; the time by the speed of the last run here or, before the first, of a few steps"
            " of a small network, so it may be twice that."
        )
        self.setToolTip(paragraphs(tip))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    @property
    def _counted(self) -> int:
        return self._classes if self._config.model.conditional else 0

    def _duration(self, seconds: float) -> str:
        if seconds >= A_MINUTE:
            return self.tr("{clock}\u00a0min").format(clock=clock_text(seconds))
        return self.tr("{seconds}\u00a0s").format(seconds=significant(seconds, 2))
