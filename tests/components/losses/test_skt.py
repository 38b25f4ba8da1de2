"""Structured knowledge transfer: matrices by hand, and the layers that are compared."""

import pytest
import torch

from autodistill.components.losses.skt import SKT, normalised
from autodistill.study.pipeline import Part, Term
from autodistill.training.feature_terms import Matched, Shapes

MASK = torch.tensor([[1, 1, 0]])


def test_features_are_normalised_over_valid_tokens_by_hand() -> None:
    found = normalised(torch.tensor([[[1.0, 4.0], [3.0, 4.0], [9.0, 9.0]]]), MASK)

    # means 2 and 4, variances 1 and 0; padding stays out
    torch.testing.assert_close(
        found, torch.tensor([[[-1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]]), atol=1e-4, rtol=0
    )


def test_one_text_by_hand() -> None:
    # one feature: the student's layers rise together, the teacher's lower one falls
    student = torch.tensor([[[[1.0], [3.0], [9.0]]], [[[2.0], [6.0], [9.0]]]])
    teacher = torch.tensor([[[[3.0], [1.0], [9.0]]], [[[1.0], [2.0], [9.0]]]])

    value = SKT(relations=0.5)(student, teacher, mask=MASK)

    # correlations 1 and -1; all cosines are 1
    assert value.item() == pytest.approx(0.5 * 4, rel=1e-4)


def test_the_cosine_of_the_top_layer_by_hand() -> None:
    student = torch.tensor([[[[0.0, 0.0]]], [[[1.0, 0.0]]]])
    teacher = torch.tensor([[[[0.0, 0.0]]], [[[1.0, 1.0]]]])

    value = SKT()(student, teacher, mask=torch.ones(1, 1, dtype=torch.long))

    assert value.item() == pytest.approx(1 - 2**-0.5, rel=1e-5)


def test_a_mean_of_a_text_does_not_matter_to_relations() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 3, 2, 4, 5)
    mask = torch.ones(2, 4, dtype=torch.long)

    moved = torch.cat([3.0 * student[:-1] + 1.0, student[-1:]])

    torch.testing.assert_close(
        SKT()(moved, teacher, mask=mask), SKT()(student, teacher, mask=mask), rtol=1e-3, atol=1e-4
    )


def test_each_layer_is_compared_with_all_layers_below() -> None:
    term = Term(Part("skt"), 1.0, Part("skip"))

    found = Matched(term, Shapes(3, 4, 6, 4)).below

    assert found[3, 6] == ((0, 0), (1, 2), (2, 4))
    assert found[1, 2] == ((0, 0),)


def test_the_flow_of_one_step_is_compared_with_the_layer_below() -> None:
    term = Term(Part("fsp"), 1.0, Part("skip"))

    assert Matched(term, Shapes(3, 4, 6, 4)).below[3, 6] == ((2, 4),)
