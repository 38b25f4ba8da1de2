import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment

from autodistill.components.losses.sinkhorn import Sinkhorn

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(16, 4), torch.randn(16, 4), torch.zeros(16, dtype=torch.long)


def test_with_little_entropy_the_plan_is_the_cheapest_assignment() -> None:
    ours, theirs = (
        (STUDENT / 2).softmax(-1).double().numpy(),
        (TEACHER / 2).softmax(-1).double().numpy(),
    )
    cost = np.abs(ours[:, None] - theirs[None]).sum(-1)

    loss = Sinkhorn(epsilon=0.01, temperature=2.0, iterations=50)

    assert loss(STUDENT, TEACHER, LABELS).item() == pytest.approx(
        cost[linear_sum_assignment(cost)].mean(), abs=0.02
    )


def test_the_order_of_the_students_rows_does_not_matter() -> None:
    torch.testing.assert_close(
        Sinkhorn()(STUDENT.flip(0), TEACHER, LABELS),
        Sinkhorn()(STUDENT, TEACHER, LABELS),
        rtol=1e-4,
        atol=1e-6,
    )


def test_it_asks_for_a_hard_loss_beside_it() -> None:
    assert not Sinkhorn.sees_rows
