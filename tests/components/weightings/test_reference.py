import math

import pytest
import torch

from autodistill.components.weightings.reference import Reference, excess

TEACHER = torch.tensor([[math.log(3), 0.0]])
EVEN = torch.zeros(1, 2)


def test_how_far_a_student_is_behind_by_hand() -> None:
    # teacher (3/4, 1/4), student even, reference equal to the teacher:
    # KL of (3/4, 1/4) from (1/2, 1/2)
    assert excess(EVEN, TEACHER, TEACHER).item() == pytest.approx(
        0.75 * math.log(1.5) + 0.25 * math.log(0.5), rel=1e-6
    )
    assert excess(EVEN, TEACHER, EVEN).item() == 0.0


def test_the_share_that_is_farthest_behind_weighs_as_much_as_all_would() -> None:
    student, teacher = (
        torch.tensor([[0.0, 0.0], [2.0, 0.0], [-2.0, 0.0], [1.0, 0.0]]),
        torch.tensor([[2.0, 0.0]]).expand(4, 2),
    )

    weights = Reference(keep=0.5).weights(
        student, teacher, torch.zeros(4, dtype=torch.long), torch.zeros(4, 2)
    )

    assert weights.tolist() == [2.0, 0.0, 2.0, 0.0]


def test_at_one_every_row_weighs_one() -> None:
    torch.manual_seed(0)
    assert (
        Reference(keep=1.0)
        .weights(torch.randn(5, 3), torch.randn(5, 3), torch.zeros(5, dtype=torch.long))
        .tolist()
        == [1.0] * 5
    )
