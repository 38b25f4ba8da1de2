import math

import pytest
import torch

from autodistill.components.losses.dac import DAC
from autodistill.components.losses.kl import KL

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = (
    torch.randn(6, 12),
    3 * torch.randn(6, 12),
    torch.zeros(6, dtype=torch.long),
)


def test_one_row_by_hand() -> None:
    # teacher (8, 4, 2, 1, 1) / 16: three classes make 0.875, so 0.8 takes three of them,
    # (8, 4, 2) / 14; the student is even over them
    teacher = torch.tensor([[8.0, 4.0, 2.0, 1.0, 1.0]]).log()
    kept = torch.tensor([8.0, 4.0, 2.0]) / 14

    value = DAC(mass=0.8, temperature=1.0)(
        torch.tensor([[0.0, 0.0, 0.0, 5.0, -5.0]]), teacher, LABELS[:1]
    )

    assert value.item() == pytest.approx((kept * kept.log()).sum().item() + math.log(3), rel=1e-5)


def test_with_all_the_mass_it_is_the_divergence() -> None:
    torch.testing.assert_close(
        DAC(mass=1.0)(STUDENT, TEACHER, LABELS), KL(temperature=2.0)(STUDENT, TEACHER, LABELS)
    )


def test_what_the_student_gives_to_other_classes_does_not_matter() -> None:
    student = STUDENT.clone().requires_grad_(True)

    DAC(mass=0.8)(student, TEACHER, LABELS).backward()

    assert student.grad is not None
    last = TEACHER.argmin(1, keepdim=True)
    assert (student.grad.gather(1, last) == 0).all()
    assert (student.grad.gather(1, TEACHER.argmax(1, keepdim=True)) != 0).all()
