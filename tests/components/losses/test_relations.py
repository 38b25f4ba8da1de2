"""Changes that a loss on the relations between rows does not see."""

import pytest
import torch

from autodistill.components.losses import Loss
from autodistill.registry import families

TURNED = ["affinity", "cc", "cka", "pkt", "rkd", "sp"]
"""Blind to a rotation and a scale."""
MOVED = ["cka", "rkd"]
"""And to a shift."""


def made(name: str) -> tuple[Loss, torch.Tensor, torch.Tensor]:
    """A loss, and six rows of either network."""
    torch.manual_seed(0)
    loss: Loss = families.build("losses", name, {})
    return loss, torch.randn(6, 4), torch.randn(6, 3)


@pytest.mark.parametrize("name", TURNED)
def test_a_rotation_and_a_scale_of_the_student_do_not_matter(name: str) -> None:
    loss, student, teacher = made(name)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(loss(turned, teacher), loss(student, teacher), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", MOVED)
def test_a_shift_of_the_student_does_not_matter(name: str) -> None:
    loss, student, teacher = made(name)

    torch.testing.assert_close(
        loss(student + 2.0, teacher), loss(student, teacher), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("name", sorted(set(TURNED) - set(MOVED)))
def test_a_shift_of_the_student_matters_to_the_others(name: str) -> None:
    loss, student, teacher = made(name)

    assert abs(loss(student + 2.0, teacher) - loss(student, teacher)) > 1e-3


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize(
    "rows",
    [torch.ones(4, 3), torch.tensor([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]] * 2)],
    ids=["alike", "opposite"],
)
def test_rows_that_are_alike_or_opposite_stay_finite(name: str, rows: torch.Tensor) -> None:
    student = rows.clone().requires_grad_(True)

    made(name)[0](student, torch.randn(4, 3)).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()
