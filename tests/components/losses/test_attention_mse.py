import pytest
import torch

from autodistill.components.losses.attention_mse import AttentionMSE, attention_scores, scores_mse


def test_scores_are_those_that_torch_puts_through_the_softmax() -> None:
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 2, 5, 8)
    heads = [x.reshape(2, 5, 4, 2).transpose(1, 2) for x in (q, k, v)]

    scores = attention_scores(q, k, 4)

    torch.testing.assert_close(
        scores.softmax(3) @ heads[2], torch.nn.functional.scaled_dot_product_attention(*heads)
    )


def test_by_hand_over_valid_pairs_only() -> None:
    student = torch.tensor([[[[1.0, 2.0, 9.0], [0.0, 1.0, 9.0], [9.0, 9.0, 9.0]]]])

    value = scores_mse(student, torch.zeros(1, 1, 3, 3), torch.tensor([[1, 1, 0]]))

    assert value.item() == pytest.approx((1 + 4 + 0 + 1) / 4)


def test_networks_with_other_heads_are_compared_by_their_mean() -> None:
    torch.manual_seed(0)
    loss, both = AttentionMSE(), torch.randn(3, 2, 4, 8)
    loss.heads = (2, 4)
    mask = torch.ones(2, 4, dtype=torch.long)
    means = [attention_scores(both[0], both[1], n).mean(1) for n in (2, 4)]

    assert loss(both, both, mask=mask).item() == pytest.approx(
        (means[0] - means[1]).square().mean().item(), rel=1e-5
    )
    loss.heads = (4, 4)
    assert loss(both, both, mask=mask).item() == 0.0
