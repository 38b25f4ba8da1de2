import numpy as np

from autodistill.components.transfers import Known
from autodistill.components.transfers.all import All


def test_no_row_comes_a_second_time_before_every_row_came_once() -> None:
    transfer, random = All(), np.random.default_rng(0)
    transfer.begin(Known(np.zeros(7, dtype=np.int64), np.zeros((7, 2), dtype=np.float32)))

    drawn = np.concatenate([transfer.draw(step / 3, 7, random) for step in range(3)])

    assert [sorted(part) for part in np.split(drawn, 3)] == [list(range(7))] * 3
