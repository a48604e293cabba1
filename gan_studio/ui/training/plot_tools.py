"""PlotTools: the rows above the plots: smoothing, axes, following the run, and what else can be shown."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs
from gan_studio.ui.widgets.wheel_focus import need_focus_for_wheel

SMOOTHING_STEPS = (0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Time constants of the slider, in steps; 0 is off."""

DEFAULT_SMOOTHING = 50


class PlotTools(Retranslating, QWidget):
    """Controls for how the plots of the Train tab are drawn.

    Signals:
        log_toggled: whether the value axes are logarithmic, except that of D's output.
        range_toggled: whether the value axes span every value, or the usual ones.
        smoothing_changed: time constant in steps, 0 for none.
        follow_toggled: whether the plots show the whole run as it grows.
        extra_toggled: name of a further plot, and whether it is shown.
        marks_wanted, values_wanted: open the list of marks, or the table of values.
    """

    log_toggled = Signal(bool)
    smoothing_changed = Signal(int)
    follow_toggled = Signal(bool)
    range_toggled = Signal(bool)
    extra_toggled = Signal(str, bool)
    marks_wanted = Signal()
    values_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = QCheckBox(self)
        self._smoothing_title = QLabel(self)
        self._smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self._smoothing_value = QLabel(self)
        self._follow = QCheckBox(self)
        self._range = QCheckBox(self)
        self._marks, self._values, self._plots = QToolButton(self), QToolButton(self), QToolButton(self)
        self._extras = {name: QAction(self, checkable=True) for name in ("gradientPlot", "ratePlot")}
        self._build()
        self._build_buttons()
        self.retranslate()
        self._log.toggled.connect(self.log_toggled)
        self._smoothing.valueChanged.connect(self._tell_smoothing)
        self._follow.toggled.connect(self.follow_toggled)
        self._range.toggled.connect(self.range_toggled)
        self._marks.clicked.connect(self.marks_wanted)
        self._values.clicked.connect(self.values_wanted)
        for name, action in self._extras.items():
            action.toggled.connect(partial(self.extra_toggled.emit, name))

    @property
    def smoothing(self) -> int:
        """Time constant in steps, 0 for none."""
        return SMOOTHING_STEPS[self._smoothing.value()]

    def set_follow(self, is_following: bool) -> None:
        """Show whether the plots follow the run."""
        self._follow.setChecked(is_following)

    @property
    def is_whole_range(self) -> bool:
        """Whether the value axes span every value."""
        return self._range.isChecked()

    def set_whole_range(self, is_whole: bool) -> None:
        """Set whether the value axes span every value."""
        self._range.setChecked(is_whole)

    def set_extra(self, name: str, is_shown: bool) -> None:
        """Set whether a further plot is shown."""
        self._extras[name].setChecked(is_shown)

    def retranslate(self) -> None:
        """Set every text."""
        self._log.setText(self.tr("Log scale"))
        log_help = self.tr(
            "Logarithmic axes of losses, gradient norms and learning rates: small values are seen as well as large"
            " ones. Values of 0 or less leave gaps."
        )
        self._log.setToolTip(paragraphs(log_help))
        self._log.setAccessibleName(self.tr("Logarithmic value axes"))
        self._range.setText(self.tr("Whole range"))
        self._range.setAccessibleName(self.tr("Whole value range"))
        range_help = self.tr(
            "The value axes span every value, even a single spike. Otherwise they span the usual values, and a triangle"
            " at the edge marks each step with a value beyond; the farthest is written beside it."
        )
        self._range.setToolTip(paragraphs(range_help))
        self._retranslate_buttons()
        self._smoothing_title.setText(self.tr("Smoothing"))
        smoothing_help = self.tr(
            "The strong lines average over about this many past steps. The pale lines behind them show every value. "
            "Off: no average."
        )
        for part in (self._smoothing_title, self._smoothing, self._smoothing_value):
            part.setToolTip(paragraphs(smoothing_help))
        self._smoothing.setAccessibleName(self.tr("Smoothing"))
        self._follow.setText(self.tr("Follow"))
        follow_help = self.tr("Show the whole run as it grows. To look closer, drag a plot or turn the wheel over it.")
        self._follow.setToolTip(paragraphs(follow_help))
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
        first, second = QHBoxLayout(), QHBoxLayout()
        for part in (self._smoothing_title, self._smoothing, self._smoothing_value):
            first.addWidget(part)
        first.addStretch(1)
        first.addWidget(self._follow)
        second.addWidget(self._log)
        second.addWidget(self._range)
        second.addStretch(1)
        for button in (self._marks, self._values, self._plots):
            second.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for row in (first, second):
            row.setSpacing(8)
            column.addLayout(row)

    def _build_buttons(self) -> None:
        self._range.setObjectName("wholeRangeBox")
        for button, name in ((self._marks, "marks"), (self._values, "values"), (self._plots, "plots")):
            button.setObjectName(f"{name}Button")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        menu = QMenu(self._plots)
        menu.setObjectName("plotsMenu")
        menu.setToolTipsVisible(True)
        for name, action in self._extras.items():
            action.setObjectName(f"{name}Action")
            menu.addAction(action)
        self._plots.setMenu(menu)
        self._plots.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _retranslate_buttons(self) -> None:
        texts = (
            (self._marks, self.tr("Marks"), self.tr("List changed settings, notes, goings back and faults.")),
            (self._values, self.tr("Values"), self.tr("Show the values of the curves as a table.")),
            (self._plots, self.tr("Plots"), self.tr("Show further plots.")),
        )
        for button, text, help_text in texts:
            button.setText(text)
            button.setAccessibleName(help_text.rstrip("."))
            button.setToolTip(paragraphs(help_text))
        self._extras["gradientPlot"].setText(self.tr("&Gradient norms"))
        self._extras["gradientPlot"].setToolTip(self.tr("Plot the norms of both networks' gradients."))
        self._extras["ratePlot"].setText(self.tr("&Learning rates"))
        self._extras["ratePlot"].setToolTip(self.tr("Plot the learning rates with their changes and decay."))

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
