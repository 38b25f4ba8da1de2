from itertools import combinations

import pytest
import torch
from torch.nn import functional as F

from autodistill.components.losses.kl import KL
from autodistill.components.losses.ranknet import RankNet

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.zeros(6, dtype=torch.long)


def test_pair_by_pair_against_binary_cross_entropy() -> None:
    total = 0.0
    for i, j in combinations(range(4), 2):
        wish, margin = (TEACHER[:, i] - TEACHER[:, j]).sigmoid(), STUDENT[:, i] - STUDENT[:, j]
        best = F.binary_cross_entropy(wish, wish)
        total += (F.binary_cross_entropy_with_logits(margin, wish) - best).item()

    assert RankNet()(STUDENT, TEACHER, LABELS).item() == pytest.approx(total, rel=1e-4)


def test_with_two_classes_it_is_the_divergence_at_temperature_one() -> None:
    pairs = STUDENT[:, :2], TEACHER[:, :2], LABELS

    torch.testing.assert_close(RankNet()(*pairs), KL(temperature=1.0)(*pairs))


def test_margins_of_160_stay_finite() -> None:
    assert RankNet()(
        torch.tensor([[-80.0, 80.0]]), torch.tensor([[80.0, -80.0]]), LABELS[:1]
    ).item() == pytest.approx(160)
