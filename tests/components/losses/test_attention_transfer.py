import pytest
import torch

from autodistill.components.losses.attention_transfer import AttentionTransfer


def test_three_tokens_by_hand() -> None:
    student, teacher = (
        torch.tensor([[[3.0, 0.0], [0.0, 0.0], [5.0, 5.0]]]),
        torch.tensor([[[0.0], [1.0], [9.0]]]),
    )

    value = AttentionTransfer()(student, teacher, mask=torch.tensor([[1, 1, 0]]))

    assert value.item() == pytest.approx((1 + 1) / 2)  # maps (1, 0) and (0, 1)


@pytest.mark.parametrize("power", [1, 2, 4])
def test_size_does_not_matter_and_neither_does_padding(power: int) -> None:
    torch.manual_seed(0)
    loss, mask = AttentionTransfer(power=power), torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])
    student, teacher = torch.randn(2, 4, 3), torch.randn(2, 4, 5)
    other = torch.where(mask.bool().unsqueeze(2), 4 * student, 100.0)

    torch.testing.assert_close(loss(other, teacher, mask=mask), loss(student, teacher, mask=mask))
