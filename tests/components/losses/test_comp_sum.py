import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.comp_sum import CompSum

torch.manual_seed(3)
STUDENT, LABELS = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])
RIGHT = STUDENT.softmax(-1).gather(1, LABELS.unsqueeze(1))


def test_one_row_by_hand() -> None:
    # probability of the label 1/4: (sqrt(4) - 1) / (1/2) at tau 1/2, 1 - 1/4 at tau 2
    even = torch.zeros(1, 4), torch.tensor([2])

    assert CompSum(tau=0.5)(*even).item() == pytest.approx(2)
    assert CompSum(tau=2.0)(*even).item() == pytest.approx(0.75)


def test_its_members_are_cross_entropy_generalised_cross_entropy_and_absolute_error() -> None:
    torch.testing.assert_close(CompSum(tau=1.0)(STUDENT, LABELS), F.cross_entropy(STUDENT, LABELS))
    torch.testing.assert_close(CompSum(tau=1.7)(STUDENT, LABELS), ((1 - RIGHT**0.7) / 0.7).mean())
    torch.testing.assert_close(CompSum(tau=2.0)(STUDENT, LABELS), (1 - RIGHT).mean())


def test_near_one_it_passes_smoothly_through_cross_entropy() -> None:
    near = [CompSum(tau=1 + d)(STUDENT.double(), LABELS).item() for d in (-1e-6, 0.0, 1e-6)]

    assert near[0] == pytest.approx(near[1], rel=1e-5)
    assert near[2] == pytest.approx(near[1], rel=1e-5)
