import torch

from autodistill.components.losses.margin_gold import GoldMargin


def test_two_rows_by_hand() -> None:
    student, teacher = (
        torch.tensor([[3.0, 1.0, 0.0], [0.0, 2.0, 0.0]]),
        torch.tensor([[2.0, 1.0, 1.0], [0.0, 0.0, 0.0]]),
    )

    # label 0: margins (2, 3) against (1, 1): 1 + 4; label 1: (2, 2) against (0, 0): 4 + 4;
    # the mean is 6.5
    assert GoldMargin()(student, teacher, torch.tensor([0, 1])).item() == 6.5


def test_only_margins_count() -> None:
    torch.manual_seed(0)
    student, teacher, labels = torch.randn(2, 4), torch.randn(2, 4), torch.tensor([3, 1])

    shifted = GoldMargin()(student + torch.tensor([[3.0], [-5.0]]), teacher - 2, labels)

    torch.testing.assert_close(shifted, GoldMargin()(student, teacher, labels))
