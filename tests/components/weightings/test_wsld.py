import math

import pytest
import torch

from autodistill.components.weightings.wsld import WSLD


def test_rows_by_hand() -> None:
    half, quarter = [0.0, 0.0], [0.0, math.log(3)]  # probability of the first class

    found = WSLD().weights(
        torch.tensor([half, quarter, half]),
        torch.tensor([half, half, quarter]),
        torch.zeros(3, dtype=torch.long),
    )

    # 1 - exp(-own / the teacher's): 1 - 1/e; log 4 against log 2; log 2 against log 4
    assert found.tolist() == pytest.approx(
        [1 - math.exp(-1), 1 - math.exp(-2), 1 - math.exp(-0.5)], rel=1e-5
    )


def test_a_teacher_that_is_certain_and_right_makes_a_row_count_in_full() -> None:
    found = WSLD().weights(torch.zeros(1, 2), torch.tensor([[80.0, -80.0]]), torch.tensor([0]))

    assert found.item() == 1
