import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.uskd import USKD, own_labels, ranked_labels

LOGITS, LABELS = torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), torch.tensor([0, 2])


def test_the_labels_own_weights_are_one_in_the_mean() -> None:
    # p² is 0.4425 and 1/9: half of their difference above and below 1
    sure = torch.tensor([0.66524096, 1 / 3]).square()

    found = own_labels(LOGITS, LABELS)

    torch.testing.assert_close(found, sure + 1 - sure.mean())
    assert found.mean().item() == pytest.approx(1.0)


def test_classes_share_the_label_by_their_rank_among_all() -> None:
    # both heads put the label 0 first, 1 second, 2 third: 1/2 and 1/3 of 5/6
    torch.testing.assert_close(
        ranked_labels(LOGITS[:1], LOGITS[:1], LABELS[:1]), torch.tensor([[0.0, 0.6, 0.4]])
    )
    # the weak head is sure of 2, the student leans to 1: 2 is first, the label 0 third
    weak = torch.tensor([[0.0, 0.0, 9.0]])
    torch.testing.assert_close(
        ranked_labels(torch.tensor([[0.0, 1.0, 0.0]]), weak, LABELS[:1]),
        torch.tensor([[0.0, 1 / 3, 2 / 3]]),
    )


def test_the_weak_head_learns_from_smoothed_labels_alone() -> None:
    weak = torch.tensor([[1.0, 0.0, -1.0], [0.5, 0.0, 0.0]], requires_grad=True)
    student = LOGITS.clone().requires_grad_(True)

    USKD(mu=0.5)(student, LABELS, weak).backward()

    (wanted,) = torch.autograd.grad(0.5 * F.cross_entropy(weak, LABELS, label_smoothing=0.1), weak)
    assert weak.grad is not None
    assert student.grad is not None
    torch.testing.assert_close(weak.grad, wanted)
    assert student.grad.abs().sum() > 0
