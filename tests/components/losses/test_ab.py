import pytest
import torch

from autodistill.components.losses.ab import AlphaBeta
from autodistill.components.losses.kl import KL
from autodistill.components.losses.reverse_kl import ReverseKL

LABELS = torch.zeros(4, dtype=torch.long)
torch.manual_seed(5)
STUDENT, TEACHER = torch.randn(4, 5, dtype=torch.float64), torch.randn(4, 5, dtype=torch.float64)


def test_at_one_and_one_it_is_half_the_squared_distance_of_the_probabilities() -> None:
    # teacher (3/4, 1/4), student (1/2, 1/2): (1/16 + 1/16) / 2
    teacher = torch.tensor([[3.0, 1.0]]).log()

    assert AlphaBeta(alpha=1.0, beta=1.0, temperature=1.0)(
        torch.zeros(1, 2), teacher, LABELS[:1]
    ).item() == pytest.approx(1 / 16)


@pytest.mark.parametrize(
    ("alpha", "beta", "corner"),
    [(1.0, 1e-6, KL), (1e-6, 1.0, ReverseKL), (1.0, 0.0, KL), (0.0, 1.0, ReverseKL)],
)
def test_its_corners_are_the_divergence_and_its_reverse(
    alpha: float, beta: float, corner: type
) -> None:
    value = AlphaBeta(alpha=alpha, beta=beta, temperature=2.0)(STUDENT, TEACHER, LABELS)

    assert value.item() == pytest.approx(
        corner(temperature=2.0)(STUDENT, TEACHER, LABELS).item(), rel=1e-4
    )


def test_exchanging_the_networks_exchanges_the_powers() -> None:
    one = AlphaBeta(alpha=0.3, beta=0.7)(STUDENT, TEACHER, LABELS)

    assert AlphaBeta(alpha=0.7, beta=0.3)(TEACHER, STUDENT, LABELS).item() == pytest.approx(
        one.item(), rel=1e-9
    )


def test_certain_networks_that_disagree_have_a_finite_slope() -> None:
    student = torch.tensor([[80.0, -80.0]], requires_grad=True)

    AlphaBeta(alpha=0.1, beta=0.1, temperature=1.0)(
        student, -student.detach(), LABELS[:1]
    ).backward()

    assert student.grad is not None
    assert student.grad.isfinite().all()
