import torch

from autodistill.components.losses.logit_mse import LogitMSE
from autodistill.components.losses.mse_centred import CentredMSE

LABELS = torch.tensor([0, 1])


def test_two_rows_by_hand() -> None:
    student, teacher = (
        torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
        torch.tensor([[3.0, 2.0, 1.0], [1.0, 1.0, 1.0]]),
    )

    # gaps (-2, 0, 2): 8; (-1, -1, -1): 3; the mean over rows is 5.5
    assert LogitMSE()(student, teacher, LABELS).item() == 5.5


def test_it_is_the_centred_one_and_the_gap_of_the_offsets() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 4), torch.randn(2, 4)

    offset = 4 * (student - teacher).mean(-1).square().mean()

    torch.testing.assert_close(
        LogitMSE()(student, teacher, LABELS), CentredMSE()(student, teacher, LABELS) + offset
    )
