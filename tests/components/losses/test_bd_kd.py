import pytest
import torch

from autodistill.components.losses.bd_kd import BDKD
from autodistill.components.losses.kl import KL
from autodistill.components.losses.reverse_kl import ReverseKL

LABELS = torch.zeros(1, dtype=torch.long)
FLAT, SHARP = torch.tensor([[0.5, 0.0, 0.0]]), torch.tensor([[4.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("student", "teacher", "weights"), [(SHARP, FLAT, (3, 1)), (FLAT, SHARP, (1, 3))]
)
def test_a_student_that_is_surer_is_pulled_forward_and_one_that_is_not_in_reverse(
    student: torch.Tensor, teacher: torch.Tensor, weights: tuple[int, int]
) -> None:
    forward, reverse = (
        KL(temperature=2.0)(student, teacher, LABELS),
        ReverseKL(temperature=2.0)(student, teacher, LABELS),
    )

    torch.testing.assert_close(
        BDKD(high=3.0, temperature=2.0)(student, teacher, LABELS),
        weights[0] * forward + weights[1] * reverse,
    )


def test_with_even_weights_it_is_symmetric() -> None:
    even = BDKD(high=1.0)

    torch.testing.assert_close(even(SHARP, FLAT, LABELS), even(FLAT, SHARP, LABELS))
