import pytest
import torch

from autodistill.components.weightings.confidence import Confidence


def test_it_is_the_teachers_probability_of_the_label() -> None:
    teacher = torch.tensor([[3.0, 1.0], [3.0, 1.0]]).log()

    assert Confidence().weights(
        torch.zeros(2, 2), teacher, torch.tensor([0, 1])
    ).tolist() == pytest.approx([0.75, 0.25])
