import pytest
import torch
from scipy.stats import entropy, zscore

from autodistill.components.losses.kl_standardised import StandardisedKL

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.zeros(6, dtype=torch.long)


def test_against_scipys_standard_scores() -> None:
    ours, theirs = (
        torch.tensor(zscore(z.double().numpy(), axis=1, ddof=1) / 2).softmax(-1)
        for z in (STUDENT, TEACHER)
    )

    expected = 4 * entropy(theirs, ours, axis=1).mean()
    assert StandardisedKL(temperature=2.0)(STUDENT, TEACHER, LABELS).item() == pytest.approx(
        expected, rel=1e-4
    )


def test_scale_and_offset_of_a_row_do_not_matter() -> None:
    same = StandardisedKL()(3 * STUDENT + 7, TEACHER / 5 - 1, LABELS)

    torch.testing.assert_close(
        same, StandardisedKL()(STUDENT, TEACHER, LABELS), rtol=1e-4, atol=1e-6
    )


def test_with_two_classes_there_is_no_slope_left() -> None:
    student = STUDENT[:, :2].clone().requires_grad_(True)

    StandardisedKL()(student, TEACHER[:, :2], LABELS).backward()

    assert student.grad is not None
    assert student.grad.abs().max() < 1e-5
