import math

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.hl_gauss import HLGauss, histogram


def test_a_bell_in_the_middle_bin_by_the_table_of_the_normal_distribution() -> None:
    # the middle of three bins from -1.5 to 1.5, sigma one bin:
    # within half a sigma 0.3829 of 0.8664 within one and a half
    found = histogram(torch.tensor([0.0]), -1.5, 1.5, 3, 1.0)[0].tolist()

    assert found == pytest.approx([0.2790, 0.4420, 0.2790], abs=2e-4)


def test_a_bell_at_the_end_of_the_scale_is_cut_and_whole_again() -> None:
    found = histogram(torch.tensor([0.0, 4.0]), -0.5, 4.5, 5, 0.75)

    torch.testing.assert_close(found.sum(1), torch.ones(2, dtype=torch.float64))
    torch.testing.assert_close(found[0], found[1].flip(0))
    assert (found[0].diff() < 0).all()


def test_a_narrow_bell_is_the_label_alone() -> None:
    torch.manual_seed(0)
    student, labels = torch.randn(4, 5), torch.tensor([0, 2, 3, 4])

    loss = HLGauss(sigma=0.25)
    loss.sigma = 0.01

    torch.testing.assert_close(loss(student, labels), F.cross_entropy(student, labels))


def test_a_near_miss_costs_less_than_a_far_one() -> None:
    near, far = torch.tensor([[0.0, 4.0, 0.0, 0.0]]), torch.tensor([[0.0, 0.0, 0.0, 4.0]])
    label = torch.tensor([0])

    assert HLGauss()(near, label) < HLGauss()(far, label) - 0.5
    assert F.cross_entropy(near, label).item() == pytest.approx(F.cross_entropy(far, label).item())


def test_the_slope_is_the_students_probability_less_the_bell() -> None:
    student = torch.zeros(1, 3, requires_grad=True)

    HLGauss(sigma=1.0)(student, torch.tensor([1])).backward()

    bell = math.erf(0.5 / math.sqrt(2)) / math.erf(1.5 / math.sqrt(2))
    assert student.grad is not None
    torch.testing.assert_close(
        student.grad[0],
        torch.tensor([1 / 3 - (1 - bell) / 2, 1 / 3 - bell, 1 / 3 - (1 - bell) / 2]),
    )
