import math

import pytest
import torch
from scipy.spatial.distance import jensenshannon

from autodistill.components.losses.js import JensenShannon

LABELS = torch.zeros(2, dtype=torch.long)


def test_two_rows_against_scipys_distance() -> None:
    student, teacher = (
        torch.tensor([[1.0, 0.0, -1.0], [0.5, 0.5, 0.0]]),
        torch.tensor([[0.0, 2.0, 0.0], [3.0, 0.0, 1.0]]),
    )

    distance = jensenshannon(
        (student / 2).softmax(-1).double(), (teacher / 2).softmax(-1).double(), axis=1
    )

    assert JensenShannon(temperature=2.0)(student, teacher, LABELS).item() == pytest.approx(
        4 * (distance**2).mean(), rel=1e-5
    )


def test_it_is_symmetric_and_never_above_log_2() -> None:
    one, other = torch.tensor([[60.0, -60.0]] * 2), torch.tensor([[-60.0, 60.0]] * 2)
    loss = JensenShannon(temperature=1.0)

    assert loss(one, other, LABELS).item() == pytest.approx(math.log(2), rel=1e-6)
    assert loss(other, one, LABELS) == loss(one, other, LABELS)
