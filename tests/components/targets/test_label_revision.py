import pytest
import torch

from autodistill.components.targets.label_revision import LabelRevision


def test_a_wrong_row_by_hand() -> None:
    # p (3/4, 1/4), the label is the second:
    # beta = 0.9 / (3/4 - 1/4 + 1) = 0.6, q = (0.45, 0.15 + 0.4)
    revised = LabelRevision(eta=0.9).revise(torch.tensor([[3.0, 1.0]]).log(), torch.tensor([1]))

    assert revised.exp()[0].tolist() == pytest.approx([0.45, 0.55])


def test_a_right_row_keeps_its_share_eta_or_stays_when_only_wrong_ones_are_revised() -> None:
    right = torch.tensor([[3.0, 1.0]]).log(), torch.tensor([0])

    assert LabelRevision(eta=0.9).revise(*right).exp()[0].tolist() == pytest.approx(
        [0.9 * 0.75 + 0.1, 0.9 * 0.25]
    )
    assert LabelRevision(eta=0.9, scope="wrong").revise(*right).softmax(-1)[
        0
    ].tolist() == pytest.approx([0.75, 0.25])


def test_the_label_always_leads() -> None:
    torch.manual_seed(0)
    teacher, labels = 5 * torch.randn(20_000, 3), torch.randint(0, 3, (20_000,))

    assert (LabelRevision(eta=0.99).revise(teacher, labels).argmax(-1) == labels).all()


def test_a_certain_teacher_that_is_wrong_stays_finite() -> None:
    revised = LabelRevision(eta=0.8).revise(torch.tensor([[160.0, 0.0]]), torch.tensor([1]))

    # beta = 0.8 / 2
    assert revised.exp()[0].tolist() == pytest.approx([0.4, 0.6])
