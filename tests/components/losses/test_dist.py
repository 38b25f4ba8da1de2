import numpy as np
import pytest
import torch

from autodistill.components.losses.dist import DIST

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(16, 4), torch.randn(16, 4), torch.zeros(16, dtype=torch.long)


def test_against_numpys_correlations() -> None:
    ours, theirs = (STUDENT / 2).softmax(-1).numpy(), (TEACHER / 2).softmax(-1).numpy()

    rows = np.mean([1 - np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs)])
    columns = np.mean([1 - np.corrcoef(a, b)[0, 1] for a, b in zip(ours.T, theirs.T)])

    found = DIST(beta=1.0, gamma=3.0, temperature=2.0)(STUDENT, TEACHER, LABELS).item()
    assert found == pytest.approx(4 * (rows + 3 * columns), rel=1e-5)


def test_with_two_classes_only_the_correlation_over_the_batch_counts() -> None:
    pairs = STUDENT[:, :2], TEACHER[:, :2], LABELS

    assert DIST(beta=1.0)(*pairs) == DIST(beta=8.0)(*pairs) != DIST(beta=1.0, gamma=2.0)(*pairs)


def test_a_teacher_that_says_the_same_of_every_row_is_uncorrelated() -> None:
    value = DIST()(STUDENT, TEACHER[:1].expand(16, 4), LABELS)

    assert value.isfinite()
    assert 0.9 <= value.item() <= 3.0
