"""Proxies on numbers that can be counted by hand; those of the sources are in the reference numbers."""

import math

import pytest
import torch

from autodistill import family
from autodistill.proxies._activity import code_volume, norms, saliency
from autodistill.proxies._relations import class_distance, class_gradient, relation_distance, token_map
from tests.contracts.test_proxies import network, rows, score


def test_sizes_are_counted() -> None:
    student = network(layers=3)

    assert score("params", student, rows()) == sum(p.numel() for p in student.parameters())
    assert score("depth", student, rows()) == 3
    assert score("flops", network(layers=4), rows()) > 1.8 * score("flops", network(layers=2), rows())


def test_sums_over_weights_by_hand() -> None:
    pairs = [(torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 4.0]])), (torch.tensor([[2.0]]), torch.tensor([[-1.0]]))]

    assert saliency(pairs) == 3 + 8 + 2
    assert norms(pairs) == pytest.approx(5 + 1)


def test_codes_of_two_rows_by_hand() -> None:
    # units on: (1, 0) and (1, 1): alike in one of two, so that the kernel is (2, 1; 1, 2)
    assert code_volume([torch.tensor([[3.0, -1.0], [1.0, 2.0]])]) == pytest.approx(math.log(3))
    assert code_volume([torch.ones(2, 3)]) == -math.inf


def test_relations_are_blind_to_a_turn_and_a_scale_and_centred_to_a_shift() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(6, 4), torch.randn(6, 5)
    turned = 2 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    for centred in (True, False):
        plain = relation_distance(student, teacher, centred=centred)
        torch.testing.assert_close(relation_distance(turned, teacher, centred=centred), plain, rtol=1e-4, atol=1e-6)
        moved = relation_distance(student + 3, teacher, centred=centred)
        assert torch.isclose(moved, plain, rtol=1e-3) == centred


def test_two_classes_say_nothing_in_the_class_by_class_form() -> None:
    torch.manual_seed(0)
    sides = [class_gradient(torch.randn(2, w), torch.randn(8, w), torch.arange(8) % 2) for w in (4, 6)]

    assert class_distance(*sides).item() == pytest.approx(0.0, abs=1e-9)


def test_the_heads_gradient_is_that_of_the_cross_entropy() -> None:
    torch.manual_seed(0)
    weight, features, labels = torch.randn(3, 4, requires_grad=True), torch.randn(6, 4), torch.arange(6) % 3
    torch.nn.functional.cross_entropy(features @ weight.T, labels).backward()

    torch.testing.assert_close(class_gradient(weight.detach(), features, labels), weight.grad)


def test_a_map_is_shares_of_valid_tokens() -> None:
    states = torch.tensor([[[1.0, 0.0], [3.0, 0.0], [-1.0, 0.0], [9.0, 0.0]]])

    found = token_map(states, torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([0]), torch.tensor([[1, 1, 1, 0]]))

    assert found.tolist() == [[0.25, 0.75, 0.0, 0.0]]


def test_a_proxy_that_needs_three_classes_says_so() -> None:
    assert family.card("proxies", "semantic").facts["fewest_classes"] == 3
