"""A gradient that must not go against another one."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.alignment import aligned_backward
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData


def slopes(main: list[float], aside: list[float], own: float = 5.0) -> tuple[list[float], float]:
    """Gradients of a shared parameter pulled both ways.

    Another parameter has a gradient of the second loss only.
    """
    shared, alone = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(()))
    first, second = shared @ torch.tensor(main), shared @ torch.tensor(aside) + own * alone

    aligned_backward(first + second, second, [shared, alone])

    assert shared.grad is not None
    assert alone.grad is not None
    return shared.grad.tolist(), alone.grad.item()


def test_what_goes_against_the_others_is_left_out_and_nothing_else() -> None:
    # (-1, 1) less its part along (2, 0) is (0, 1)
    assert slopes([2.0, 0.0], [-1.0, 1.0]) == ([2.0, 1.0], 5.0)


def test_what_agrees_is_added() -> None:
    assert slopes([2.0, 0.0], [1.0, 1.0]) == ([3.0, 1.0], 5.0)


def test_it_never_goes_against_the_others_and_adds_to_what_is_there() -> None:
    torch.manual_seed(0)
    for _ in range(20):
        weights = nn.Parameter(torch.randn(7))
        main, aside = (
            (weights - torch.randn(7)).square().sum(),
            (weights - torch.randn(7)).abs().sum(),
        )
        (wanted,) = torch.autograd.grad(main, [weights], retain_graph=True)

        aligned_backward(main + aside, aside, [weights])

        assert weights.grad is not None
        assert ((weights.grad - wanted) * wanted).sum() >= -1e-4
        before = weights.grad.clone()
        loss = weights.sum()
        aligned_backward(loss + 0 * loss, 0 * loss, [weights])
        torch.testing.assert_close(weights.grad, before + 1)


def test_a_loss_on_nothing_shared_is_left_alone() -> None:
    one, other = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    aside = 3 * other.sum()

    aligned_backward(2 * one.sum() + aside, aside, [one, other])

    assert [p.grad.item() for p in (one, other) if p.grad is not None] == [2.0, 3.0]


@pytest.mark.parametrize("align", [False, True])
def test_a_trial_with_an_aligned_head(data: TrialData, pipeline: Pipeline, align: bool) -> None:
    terms = (Term(Part("ce"), 0.5), Term(Part("log_cosh", {"align": align}), 0.5))

    found = run_trial(data, TrialSpec(0, replace(pipeline, terms=terms), 0, 64, 3), never)

    assert found.status == "complete"
    assert found.score > 0.8
