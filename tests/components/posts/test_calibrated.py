import pytest
import torch
from torch.nn import functional as F

from autodistill.components.posts.calibrated import Calibrated


def test_the_temperature_that_made_the_labels_is_found() -> None:
    torch.manual_seed(0)
    honest = torch.randn(4000, 3)
    labels = torch.multinomial(honest.softmax(1), 1).squeeze(1)

    assert Calibrated().temperature(3 * honest, labels) == pytest.approx(3.0, rel=0.1)


def test_it_is_where_the_slope_of_the_cross_entropy_is_zero() -> None:
    torch.manual_seed(1)
    logits = 5 * torch.randn(400, 4)
    labels = torch.multinomial((logits / 2).softmax(1), 1).squeeze(1)
    found = Calibrated().temperature(logits, labels)

    here, lower, higher = (
        F.cross_entropy(logits / t, labels).item() for t in (found, 0.98 * found, 1.02 * found)
    )

    assert here <= min(lower, higher) + 1e-9


def test_an_answer_that_is_always_right_is_not_made_surer_than_tenfold() -> None:
    assert Calibrated().temperature(torch.eye(3), torch.arange(3)) == pytest.approx(0.1, rel=0.01)
