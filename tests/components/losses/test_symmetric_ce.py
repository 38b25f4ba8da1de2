import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.symmetric_ce import SymmetricCE

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.zeros(6, dtype=torch.long)


def test_it_is_the_mean_of_both_cross_entropies() -> None:
    expected = (
        F.cross_entropy(STUDENT, TEACHER.softmax(-1))
        + F.cross_entropy(TEACHER, STUDENT.softmax(-1))
    ) / 2

    torch.testing.assert_close(SymmetricCE()(STUDENT, TEACHER, LABELS), expected)


def test_two_certain_networks_that_agree_cost_nothing() -> None:
    certain = torch.tensor([[80.0, -80.0]])

    assert SymmetricCE()(certain, certain, LABELS[:1]).item() == pytest.approx(0, abs=1e-30)
    assert SymmetricCE()(certain, -certain, LABELS[:1]).item() == 160
