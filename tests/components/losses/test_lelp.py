import math

import pytest
import torch

from autodistill.components.losses._subclasses import away_from, places, principal, seen_by, shares
from autodistill.components.losses.lelp import LELP

CROSS = torch.tensor([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]) + torch.tensor(
    [10.0, 20.0]
)
"""Rows of one class: along the first axis they vary by 9 / 2, along the second by 1 / 2."""


def test_the_directions_of_a_cross_by_hand() -> None:
    found = principal(CROSS, torch.zeros(4, dtype=torch.long), 1, 2)

    assert found.centres.tolist() == [[10.0, 20.0]]
    torch.testing.assert_close(found.directions, torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]))
    torch.testing.assert_close(found.spread, torch.tensor([[math.sqrt(4.5), math.sqrt(0.5)]]))


def test_parts_share_out_the_probability_of_their_class() -> None:
    # one class of two: probabilities (3/4, 1/4);
    # places log 3 and 0 of the first, equal ones of the second
    found = shares(
        torch.tensor([[math.log(3), 0.0]]), torch.tensor([[[math.log(3), 0.0], [5.0, 5.0]]])
    ).exp()

    torch.testing.assert_close(found, torch.tensor([[[9 / 16, 3 / 16], [1 / 8, 1 / 8]]]))


def test_a_map_of_the_states_is_found_and_left_out() -> None:
    torch.manual_seed(0)
    states, weights = (
        torch.randn(200, 5, dtype=torch.float64),
        torch.randn(3, 5, dtype=torch.float64),
    )

    found = seen_by(states, states @ weights.T + 7.0)

    # in the least-squares sense a logit less its mean over rows is known but for a little ridge
    torch.testing.assert_close(found, weights, atol=1e-3, rtol=1e-3)
    assert (weights @ away_from(weights)).abs().max() < 1e-12


def test_the_classes_keep_the_teachers_probabilities_whatever_the_parts() -> None:
    torch.manual_seed(1)
    states, logits, labels = torch.randn(90, 6), torch.randn(90, 3), torch.arange(90) % 3
    for null_space in (False, True):
        loss = LELP(parts=2, temperature=2.0, null_space=null_space, rotate=True)
        loss.learn(states, logits, labels)

        parts = (loss.expanded(logits, states) / 2.0).exp().view(90, 3, 2)

        torch.testing.assert_close(parts.sum(-1), (logits / 2.0).softmax(-1))
        assert parts.std(-1).max() > 0.01


def test_places_have_no_unit() -> None:
    torch.manual_seed(2)
    states, logits, labels = torch.randn(90, 6), torch.randn(90, 3), torch.arange(90) % 3
    small, large = LELP(parts=4, null_space=False), LELP(parts=4, null_space=False)
    small.learn(states, logits, labels)
    large.learn(1000 * states, logits, labels)

    torch.testing.assert_close(
        small.expanded(logits, states), large.expanded(logits, 1000 * states), atol=1e-3, rtol=1e-3
    )


def test_two_equal_parts_are_as_good_as_one_class() -> None:
    # student (1/2, 1/2) with two equal parts each, teacher (3/4, 1/4) with two equal parts each:
    # KL of the classes
    half, teacher = torch.zeros(1, 4), torch.tensor([[3 / 8, 3 / 8, 1 / 8, 1 / 8]]).log()

    value = LELP(parts=2)(half, teacher, torch.tensor([0]))

    assert value.item() == pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5), rel=1e-6)
    assert places(
        torch.zeros(1, 2), principal(CROSS, torch.ones(4, dtype=torch.long), 1, 2)
    ).tolist() == [[[0.0, 0.0]]]
