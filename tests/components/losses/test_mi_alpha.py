import math
from statistics import fmean, stdev

import pytest
import torch
from torch import Tensor

from autodistill.components.losses._bounds import mi_alpha_bound
from autodistill.components.losses.mi_alpha import MIAlpha

SCORES = torch.tensor([[2.0, 0.0, -1.0], [0.5, 1.0, 0.0], [0.0, -0.5, 1.5]], dtype=torch.float64)
BASELINES = torch.tensor([0.1, -0.2, 0.3], dtype=torch.float64)
# the minibatch estimator of Poole et al. 2019, arXiv:1905.06922,
# by a double sum over the definition
GOLDEN = {0.0: 1.4894981413, 0.01: 1.4744495839, 0.1: 1.3498083531, 0.25: 1.1725163198,
          0.5: 0.9232139238, 0.9: 0.5674569723, 0.99: 0.4870043472, 1.0: 0.4779479600}  # fmt: skip


def naive(scores: Tensor, baselines: Tensor, alpha: float) -> float:
    """The estimator as it is printed: for each j left out, a mean over the other i."""
    s, n, total = scores.tolist(), len(scores), 0.0

    def a(y: int, without: int) -> float:
        batch = fmean(math.exp(s[y][k]) for k in range(n) if k != without)
        return alpha * batch + (1 - alpha) * math.exp(baselines[y].item())

    for j in range(n):
        total += fmean(
            math.log(math.exp(s[i][i]) / a(i, j)) - math.exp(s[j][i]) / a(j, j)
            for i in range(n)
            if i != j
        )
    return 1 + total / n


@pytest.mark.parametrize(("alpha", "expected"), GOLDEN.items())
def test_the_published_three_by_three_example(alpha: float, expected: float) -> None:
    assert mi_alpha_bound(SCORES, BASELINES, alpha).item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("alpha", [0.0, 0.05, 0.5, 0.9, 1.0])
def test_random_scores_agree_with_the_double_sum(alpha: float) -> None:
    torch.manual_seed(0)
    scores, baselines = torch.randn(7, 7, dtype=torch.float64), torch.randn(7, dtype=torch.float64)

    assert mi_alpha_bound(scores, baselines, alpha).item() == pytest.approx(
        naive(scores, baselines, alpha), abs=1e-10
    )


@pytest.mark.parametrize("scale", [1.0, 10.0, 1000.0])
def test_infonce_never_exceeds_the_log_of_the_other_rows(scale: float) -> None:
    torch.manual_seed(0)
    scores = scale * (torch.randn(8, 8) + 3 * torch.eye(8))

    assert mi_alpha_bound(scores, torch.zeros(8), 1.0).item() <= math.log(7) + 1e-5


def test_a_perfect_critic_reaches_the_log_of_the_other_rows_in_float32() -> None:
    assert mi_alpha_bound(80 * torch.eye(8) - 40, torch.zeros(8), 1.0).item() == pytest.approx(
        math.log(7), abs=1e-5
    )


def test_rows_and_columns_are_not_interchangeable() -> None:
    assert (
        abs(mi_alpha_bound(SCORES, BASELINES, 0.5) - mi_alpha_bound(SCORES.T, BASELINES, 0.5))
        > 0.01
    )


def test_a_constant_added_to_a_row_leaves_infonce_unchanged() -> None:
    shifted = SCORES + torch.tensor([[4.0], [-2.0], [0.5]])

    torch.testing.assert_close(
        mi_alpha_bound(shifted, BASELINES, 1.0), mi_alpha_bound(SCORES, BASELINES, 1.0)
    )


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_an_empty_critic_sees_no_information(alpha: float) -> None:
    assert mi_alpha_bound(torch.zeros(4, 4), torch.zeros(4), alpha).item() == pytest.approx(
        0, abs=1e-6
    )


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_confident_scores_have_finite_gradients(alpha: float) -> None:
    scores = (80 * torch.eye(4) - 40).requires_grad_(True)

    torch.autograd.backward(mi_alpha_bound(scores, torch.zeros(4), alpha))

    assert scores.grad is not None
    assert scores.grad.isfinite().all()


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9, 1.0])
def test_the_optimal_critic_of_correlated_gaussians_stays_below_the_truth(alpha: float) -> None:
    rho, size, batches = 0.8, 32, 200
    truth = -0.5 * math.log(1 - rho**2)
    generator = torch.Generator().manual_seed(0)
    values = []
    for _ in range(batches):
        x, noise = torch.randn(2, size, generator=generator, dtype=torch.float64)
        y = rho * x + math.sqrt(1 - rho**2) * noise
        # log p(y | x), and log p(y) as the baseline: up to a constant common to both
        scores = -((y[:, None] - rho * x[None, :]) ** 2) / (2 * (1 - rho**2)) - 0.5 * math.log(
            1 - rho**2
        )
        values.append(mi_alpha_bound(scores, -(y**2) / 2, alpha).item())

    error = stdev(values) / math.sqrt(batches)

    assert fmean(values) <= truth + error
    assert fmean(values) > 0.8 * truth


def test_different_widths_need_no_connector() -> None:
    torch.manual_seed(0)
    loss = MIAlpha(alpha=0.9, hidden=128)
    loss.connect(3, 7)

    value = loss(torch.randn(6, 3), torch.randn(6, 7))

    assert abs(value.item()) < 0.1, "near zero before the first step"


def test_scores_have_one_row_per_teacher_sample() -> None:
    loss = MIAlpha(alpha=0.5)
    loss.connect(3, 2)
    loss.student_tower, loss.teacher_tower, loss.baseline = (torch.nn.Sequential(m) for m in (
        torch.nn.Identity(), torch.nn.Linear(2, 3, bias=False),
        torch.nn.Linear(2, 1, bias=False)))  # fmt: skip
    torch.manual_seed(0)
    student, teacher = torch.randn(4, 3), torch.randn(4, 2)

    keys, baselines = loss.teacher_tower(teacher), loss.baseline(teacher)[:, 0]
    scores = torch.stack([torch.stack([keys[i] @ student[j] for j in range(4)]) for i in range(4)])

    assert loss(student, teacher).item() == pytest.approx(-naive(scores, baselines, 0.5), abs=1e-5)


def test_training_the_critic_finds_shared_information() -> None:
    torch.manual_seed(0)
    loss = MIAlpha(alpha=0.9)
    loss.connect(2, 2)
    optimizer = torch.optim.Adam(loss.parameters(), lr=1e-3)
    for _ in range(60):
        teacher = torch.randn(32, 2)
        value = loss(teacher + 0.1 * torch.randn(32, 2), teacher)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()

    assert value.item() < -0.5
