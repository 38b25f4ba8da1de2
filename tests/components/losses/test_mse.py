import torch

from autodistill.components.losses.mse import FeatureMSE


def test_two_rows_by_hand() -> None:
    # (1 + 4 + 0 + 9) / 4
    assert (
        FeatureMSE()(
            torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[0.0, 0.0], [3.0, 1.0]])
        ).item()
        == 3.5
    )


def test_large_half_precision_features_do_not_overflow() -> None:
    assert (
        FeatureMSE()(
            torch.full((1, 2), 400.0, dtype=torch.float16), torch.zeros(1, 2, dtype=torch.float16)
        ).item()
        == 160_000
    )
