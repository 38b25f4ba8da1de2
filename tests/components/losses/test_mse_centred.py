import torch

from autodistill.components.losses.mse_centred import CentredMSE

LABELS = torch.tensor([0, 1])


def test_two_rows_by_hand() -> None:
    student, teacher = (
        torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
        torch.tensor([[3.0, 2.0, 1.0], [1.0, 1.0, 1.0]]),
    )

    # gaps (-2, 0, 2) with mean 0: 8; (-1, -1, -1) less its mean: 0; the mean over rows is 4
    assert CentredMSE()(student, teacher, LABELS).item() == 4


def test_a_constant_added_to_a_row_changes_nothing() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 4), torch.randn(2, 4)

    shifted = student + torch.tensor([[3.0], [-5.0]])

    torch.testing.assert_close(
        CentredMSE()(shifted, teacher, LABELS), CentredMSE()(student, teacher, LABELS)
    )
