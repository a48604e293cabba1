"""Sheet: each sample is found by its seed."""

import numpy as np

from gan_studio.engine.moment import Moment
from gan_studio.engine.sheet import Sheet


def test_that_the_sample_of_a_seed_is_cut_out_of_the_sheet() -> None:
    cells = np.arange(6, dtype=np.uint8).reshape(2, 3).repeat(4, axis=0).repeat(5, axis=1)[:, :, None]
    sheet = Sheet(Moment(0, 0), cells, columns=3, rows=2)
    for seed in range(6):
        assert sheet.cell(seed).shape == (4, 5, 1)
        assert set(np.unique(sheet.cell(seed))) == {seed}
