import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score

from autodistill.components.losses.dice import Dice

torch.manual_seed(3)
LABELS = torch.randint(0, 3, (40,))
GUESSES = torch.where(torch.rand(40) < 0.7, LABELS, torch.randint(0, 3, (40,)))


def certain(predictions: torch.Tensor) -> torch.Tensor:
    """Logits of a student without doubts."""
    return 60.0 * torch.nn.functional.one_hot(predictions, 3).float()


@pytest.mark.parametrize("squared", [True, False])
def test_without_doubts_it_is_one_less_macro_f1(squared: bool) -> None:
    value = Dice(alpha=0.0, smooth=1e-4, squared=squared)(certain(GUESSES), LABELS)

    assert value.item() == pytest.approx(
        1 - float(f1_score(LABELS.numpy(), GUESSES.numpy(), average="macro")), abs=1e-5
    )


def test_one_even_batch_by_hand() -> None:
    # two rows, one of each class, all probabilities 1/2, no smoothing:
    # 1 - (2 * 1/2) / (2 * 1/4 + 1) each
    value = Dice(alpha=0.0, smooth=0.0, squared=True)(torch.zeros(2, 2), torch.tensor([0, 1]))

    assert value.item() == pytest.approx(1 / 3)


def test_alpha_takes_weight_from_rows_that_are_sure() -> None:
    p = np.array([[0.9, 0.1], [0.4, 0.6]])

    value = Dice(alpha=1.0, smooth=1.0, squared=False)(torch.tensor(p).log(), torch.tensor([0, 1]))

    w = (1 - p) * p
    first, second = ((2 * w[i, i] + 1) / (w[:, i].sum() + 2) for i in (0, 1))
    assert value.item() == pytest.approx(1 - (first + second) / 2)


def test_a_certain_row_has_a_finite_slope() -> None:
    student = certain(GUESSES).requires_grad_(True)

    Dice(alpha=0.1)(student, LABELS).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()
