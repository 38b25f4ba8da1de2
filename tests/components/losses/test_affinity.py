import math

import pytest
import torch

from autodistill.components.losses.affinity import Affinity


def test_three_rows_by_hand() -> None:
    # student: all cosines 0, so both others are as close;
    # teacher: the first two alike, the third across, at temperature 1/2
    value = Affinity(temperature=0.5)(
        torch.eye(3), torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 1.0]])
    )

    near = math.exp(2) / (math.exp(2) + 1)
    first = near * math.log(2 * near) + (1 - near) * math.log(2 * (1 - near))
    assert value.item() == pytest.approx(
        2 * first / 3, rel=1e-5
    )  # the third row is as far from both
