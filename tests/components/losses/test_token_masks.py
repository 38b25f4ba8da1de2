import pytest
import torch

from autodistill.components.losses.token_masks import TokenMasks, masked_mean, overlap


def test_a_mask_of_ones_is_the_plain_mean_and_one_token_its_own() -> None:
    gap = torch.tensor([[1.0, 3.0], [5.0, 7.0]])

    assert masked_mean(gap, torch.ones(2, 2, 1)).item() == pytest.approx(4.0)
    only = torch.zeros(2, 2, 2)
    only[0, 0, 0] = only[1, 1, 1] = 0.5
    assert masked_mean(gap, only).item() == pytest.approx((1 + 7) / 2)


def test_overlap_of_equal_and_of_separate_masks() -> None:
    equal, apart = (
        torch.ones(1, 4, 2),
        torch.tensor([[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]]),
    )

    assert overlap(equal).item() == pytest.approx(1.0)
    assert overlap(apart).item() == 0.0
    half = torch.tensor([[[1.0, 1.0], [1.0, 0.0]]])  # 2 · 1 / (2 + 1)
    assert overlap(half).item() == pytest.approx(2 / 3)


def test_a_student_equal_to_its_teacher_pays_for_the_overlap_only() -> None:
    torch.manual_seed(0)
    loss, states, mask = (
        TokenMasks(diversity=0.5),
        torch.randn(2, 3, 4),
        torch.tensor([[1, 1, 0], [1, 1, 1]]),
    )
    loss.connect(4, 4)
    weights = torch.sigmoid(loss.queries(states) / 2) * mask.unsqueeze(2)

    assert loss(states, states, mask=mask).item() == pytest.approx(
        0.5 * overlap(weights).item(), rel=1e-5
    )


def test_what_stands_in_padding_does_not_matter() -> None:
    torch.manual_seed(0)
    loss, mask = TokenMasks(), torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])
    loss.connect(4, 4)
    student, teacher = torch.randn(2, 4, 4), torch.randn(2, 4, 4)
    other = torch.where(mask.bool().unsqueeze(2), student, 50.0)

    torch.testing.assert_close(loss(other, teacher, mask=mask), loss(student, teacher, mask=mask))
