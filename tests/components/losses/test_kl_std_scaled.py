import pytest
import torch
from scipy.stats import entropy

from autodistill.components.losses.kl_std_scaled import StdScaledKL

torch.manual_seed(3)
STUDENT, TEACHER, LABELS = torch.randn(6, 4), torch.randn(6, 4), torch.zeros(6, dtype=torch.long)


def test_against_scipys_relative_entropy() -> None:
    ours, theirs = (
        torch.tensor(z / z.std(1, ddof=1, keepdims=True)).softmax(-1)
        for z in (STUDENT.numpy(), TEACHER.numpy())
    )

    expected = entropy(theirs.double(), ours.double(), axis=1).mean()
    assert StdScaledKL()(STUDENT, TEACHER, LABELS).item() == pytest.approx(expected, rel=1e-4)


def test_the_scale_of_a_row_does_not_matter() -> None:
    torch.testing.assert_close(
        StdScaledKL()(3 * STUDENT, TEACHER / 5, LABELS), StdScaledKL()(STUDENT, TEACHER, LABELS)
    )
