"""PlotTools: the row above the plots: smoothing, log scale, and following the run."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QWidget

from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

SMOOTHING_STEPS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Time constants of the slider, in steps; 0 is off."""

DEFAULT_SMOOTHING = 50


class PlotTools(Retranslating, QWidget):
    """Controls for how the plots of the Train tab are drawn.

    Signals:
        log_toggled: whether the loss axis is logarithmic.
        smoothing_changed: time constant in steps, 0 for none.
        follow_toggled: whether the plots show the whole run as it grows.
    """

    log_toggled = Signal(bool)
    smoothing_changed = Signal(int)
    follow_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = QCheckBox(self)
        self._smoothing_title = QLabel(self)
        self._smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self._smoothing_value = QLabel(self)
        self._follow = QCheckBox(self)
        self._build()
        self.retranslate()
        self._log.toggled.connect(self.log_toggled)
        self._smoothing.valueChanged.connect(self._tell_smoothing)
        self._follow.toggled.connect(self.follow_toggled)

    @property
    def smoothing(self) -> int:
        """Time constant in steps, 0 for none."""
        return SMOOTHING_STEPS[self._smoothing.value()]

    def set_follow(self, is_following: bool) -> None:
        """Show whether the plots follow the run."""
        self._follow.setChecked(is_following)

    def retranslate(self) -> None:
        """Set every text."""
        self._log.setText(self.tr("Log scale"))
        self._log.setToolTip(self.tr("Logarithmic loss axis: shows small values as well as large ones."))
        self._log.setAccessibleName(self.tr("Logarithmic loss axis"))
        self._smoothing_title.setText(self.tr("Smoothing"))
        smoothing_help = self.tr(
            "The strong lines average over about this many past steps. The pale lines behind them show every value. "
            "Off: no average."
        )
        for part in (self._smoothing_title, self._smoothing, self._smoothing_value):
            part.setToolTip(smoothing_help)
        self._smoothing.setAccessibleName(self.tr("Smoothing"))
        self._follow.setText(self.tr("Follow"))
        self._follow.setToolTip(
            self.tr("Show the whole run as it grows. To look closer, drag a plot or turn the wheel over it.")
        )
        self._follow.setAccessibleName(self.tr("Follow the run"))
        self._show_smoothing()

    def _build(self) -> None:
        self._log.setObjectName("logScaleBox")
        self._follow.setObjectName("followBox")
        self._follow.setChecked(True)
        self._smoothing.setObjectName("smoothingSlider")
        self._smoothing.setRange(0, len(SMOOTHING_STEPS) - 1)
        self._smoothing.setPageStep(1)
        self._smoothing.setValue(SMOOTHING_STEPS.index(DEFAULT_SMOOTHING))
        self._smoothing.setFixedWidth(110)
        need_focus_for_wheel(self._smoothing)
        self._smoothing_value.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._smoothing_title.setBuddy(self._smoothing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._smoothing_title, self._smoothing, self._smoothing_value):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._log)
        row.addWidget(self._follow)

    def _tell_smoothing(self) -> None:
        self._show_smoothing()
        self.smoothing_changed.emit(self.smoothing)

    def _show_smoothing(self) -> None:
        steps = self.smoothing
        self._smoothing_value.setText(
            self.tr("{steps} steps").format(steps=grouped(steps)) if steps else self.tr("off")
        )
        widest = self.tr("{steps} steps").format(steps=grouped(SMOOTHING_STEPS[-1]))
        self._smoothing_value.setFixedWidth(self.fontMetrics().horizontalAdvance(widest) + 4)
