"""NumberAxis: numbers at the ticks read as they do in the rest of the window."""

import math

from pytestqt.qtbot import QtBot

from gan_studio.ui.plots.number_axis import NumberAxis


def test_that_a_logarithmic_axis_writes_whole_numbers_whole(qtbot: QtBot):
    axis = NumberAxis("left")
    axis.setLogMode(y=True)
    ticks = [math.log10(value) for value in (0.002, 0.5, 20, 200, 500, 2000)]
    assert axis.tickStrings(ticks, 1, 1) == ["0.002", "0.5", "20", "200", "500", "2\u202f000"]
