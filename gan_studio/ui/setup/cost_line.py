"""Cost line: memory and time that a set-up takes on this machine, estimated."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.library.advice import Expectation, expect
from gan_studio.engine.models.estimates import estimated_memory, step_seconds
from gan_studio.engine.text.units import bytes_text
from gan_studio.ui.widgets.number_text import clock_text, significant
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

A_MINUTE = 60.0


class CostLine(Retranslating, QLabel):
    """Memory and time of a set-up. The time appears once this machine has been measured."""

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
    def expectation(self) -> Expectation | None:
        """What the set-up takes on this machine; None before it is measured."""
        return expect(self._config, self._speed, self._counted) if self._speed else None

    def show_config(self, config: RunConfig) -> None:
        """Show the cost of another set-up."""
        self._config = config
        self.retranslate()

    def set_classes(self, count: int) -> None:
        """Set how many classes the data has; they enlarge a class-conditional model."""
        self._classes = count
        self.retranslate()

    def set_speed(self, multiply_adds_per_second: float) -> None:
        """Set the measured speed of this machine, in multiply-adds a second; 0 means not measured yet."""
        self._speed = multiply_adds_per_second
        self.retranslate()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Cost of this set-up"))
        memory = bytes_text(estimated_memory(self._config, self._counted))
        expected = self.expectation
        if expected is None:
            text = self.tr("About {memory} of memory. The time of a step is measured while the window is idle.")
            self.setText(text.format(memory=memory))
        else:
            text = self.tr(
                "About {memory} of memory. On this machine a step takes about {step}; the first sample sheet appears"
                " after about {first}."
            )
            step = step_seconds(self._config, self._speed, self._counted)
            self.setText(
                text.format(memory=memory, step=self._duration(step), first=self._duration(expected.first_seconds))
            )
        tip = self.tr(
            "Estimated from the layers and the speed of the last run on this machine, on whichever device it ran."
            " Before the first run, a few steps of a small network are timed instead. The real time may be twice as"
            " long."
        )
        self.setToolTip(paragraphs(tip))

    @property
    def _counted(self) -> int:
        return self._classes if self._config.model.conditional else 0

    def _duration(self, seconds: float) -> str:
        if seconds >= A_MINUTE:
            return self.tr("{clock}\u00a0min").format(clock=clock_text(seconds))
        return self.tr("{seconds}\u00a0s").format(seconds=significant(seconds, 2))
