import pytest
import torch

from autodistill.components.losses.cosine import Cosine


def test_a_right_angle_and_opposite_directions() -> None:
    student, teacher = (
        torch.tensor([[1.0, 0.0], [2.0, 0.0]]),
        torch.tensor([[0.0, 5.0], [-1.0, 0.0]]),
    )

    # 1 - 0 and 1 - (-1)
    assert Cosine()(student, teacher).item() == pytest.approx(1.5)


def test_lengths_do_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(3, 4), torch.randn(3, 4)

    torch.testing.assert_close(Cosine()(7 * student, teacher / 9), Cosine()(student, teacher))


def test_a_layer_of_zeros_has_a_finite_gradient() -> None:
    student = torch.zeros(2, 4, requires_grad=True)

    Cosine()(student, torch.ones(2, 4)).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()
