import pytest
import torch

from autodistill.components.losses.dkd import DKD
from autodistill.components.losses.kl import KL

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 0, 1])


def test_one_row_by_hand() -> None:
    # teacher (1/2, 3/8, 1/8), student even over three, the label is the first class:
    # (1/2, 1/2) from (1/3, 2/3), and (3/4, 1/4) from even
    value = DKD(alpha=1.0, beta=2.0, temperature=1.0)(
        torch.zeros(1, 3), torch.tensor([[4.0, 3.0, 1.0]]).log(), torch.tensor([0])
    )

    label = 0.5 * torch.tensor(1.5).log() + 0.5 * torch.tensor(0.75).log()
    rest = 0.75 * torch.tensor(1.5).log() + 0.25 * torch.tensor(0.5).log()
    assert value.item() == pytest.approx((label + 2 * rest).item(), rel=1e-5)


def test_row_by_row_the_divergence_is_the_first_part_and_a_share_of_the_second() -> None:
    for i in range(6):
        row = STUDENT[i : i + 1], TEACHER[i : i + 1], LABELS[i : i + 1]
        label, rest = (
            DKD(alpha=1.0, beta=0.0, temperature=2.0)(*row),
            DKD(alpha=0.0, beta=1.0, temperature=2.0)(*row),
        )
        others = 1 - (TEACHER[i] / 2).softmax(-1)[LABELS[i]]

        torch.testing.assert_close(label + others * rest, KL(temperature=2.0)(*row))


def test_logits_far_apart_stay_finite() -> None:
    student = torch.tensor([[-80.0, 80.0, 0.0]], requires_grad=True)

    DKD(temperature=1.0)(student, -student.detach(), torch.tensor([0])).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()
