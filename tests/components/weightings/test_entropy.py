import pytest
import torch
from scipy.stats import entropy

from autodistill.components.weightings.entropy import Entropy

torch.manual_seed(0)
TEACHER, LABELS = torch.randn(6, 4), torch.zeros(6, dtype=torch.long)


def test_against_scipys_entropies() -> None:
    known = entropy((TEACHER / 2).softmax(-1).double(), axis=1)

    found = Entropy(temperature=2.0).weights(TEACHER, TEACHER, LABELS)

    assert found.tolist() == pytest.approx((known / known.mean()).tolist(), rel=1e-4)
    assert found.mean().item() == pytest.approx(1)


def test_a_batch_of_certain_rows_weighs_one_each() -> None:
    certain = torch.tensor([[200.0, 0.0]]).expand(3, 2)

    assert Entropy().weights(certain, certain, LABELS[:3]).tolist() == [1.0, 1.0, 1.0]
