"""Proxies on numbers that can be counted by hand.

Those of the sources are in the reference numbers.
"""

import math
from dataclasses import replace
from statistics import mean

import pytest
import torch

from autodistill.registry import families
from autodistill.search.screening.proxies import normed_by_batch
from autodistill.search.screening.proxies._activity import (
    channel_worth,
    code_volume,
    norms,
    saliency,
)
from autodistill.search.screening.proxies._relations import (
    class_distance,
    class_gradient,
    relation_distance,
    token_map,
)
from autodistill.search.screening.proxies.ridge import explained
from autodistill.search.screening.proxies.w_pca import components
from tests.contracts.test_proxies import images, network, residual, rows, score


def test_sizes_are_counted() -> None:
    student = network(layers=3)

    assert score("params", student, rows()) == sum(p.numel() for p in student.parameters())
    assert score("depth", student, rows()) == 3
    assert score("flops", network(layers=4), rows()) > 1.8 * score(
        "flops", network(layers=2), rows()
    )


def test_sums_over_weights_by_hand() -> None:
    pairs = [
        (torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, 4.0]])),
        (torch.tensor([[2.0]]), torch.tensor([[-1.0]])),
    ]

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
        torch.testing.assert_close(
            relation_distance(turned, teacher, centred=centred), plain, rtol=1e-4, atol=1e-6
        )
        moved = relation_distance(student + 3, teacher, centred=centred)
        assert torch.isclose(moved, plain, rtol=1e-3) == centred


def test_two_classes_say_nothing_in_the_class_by_class_form() -> None:
    torch.manual_seed(0)
    sides = [
        class_gradient(torch.randn(2, w), torch.randn(8, w), torch.arange(8) % 2) for w in (4, 6)
    ]

    assert class_distance(*sides).item() == pytest.approx(0.0, abs=1e-9)


def test_the_heads_gradient_is_that_of_the_cross_entropy() -> None:
    torch.manual_seed(0)
    weight, features, labels = (
        torch.randn(3, 4, requires_grad=True),
        torch.randn(6, 4),
        torch.arange(6) % 3,
    )
    torch.autograd.backward(torch.nn.functional.cross_entropy(features @ weight.T, labels))

    torch.testing.assert_close(class_gradient(weight.detach(), features, labels), weight.grad)


def test_a_map_is_shares_of_valid_tokens() -> None:
    states = torch.tensor([[[1.0, 0.0], [3.0, 0.0], [-1.0, 0.0], [9.0, 0.0]]])

    found = token_map(
        states,
        torch.tensor([[1.0, 0.0], [0.0, 1.0]]),
        torch.tensor([0]),
        torch.tensor([[1, 1, 1, 0]]),
    )

    assert found.tolist() == [[0.25, 0.75, 0.0, 0.0]]


def test_a_proxy_that_needs_three_classes_says_so() -> None:
    assert families.card("proxies", "semantic").traits["fewest_classes"] == 3


def test_a_channels_worth_by_hand() -> None:
    # two rows, two channels, two places: felt per row (sum over places, times rows) is
    # (2, 0) and (0, 4); mean squares 2 and 8, halved
    values = torch.tensor([[[[1.0, 1.0]], [[5.0, 5.0]]], [[[1.0, 1.0]], [[1.0, 3.0]]]])
    slopes = torch.tensor([[[[0.5, 0.5]], [[0.0, 0.0]]], [[[0.0, 0.0]], [[0.5, 0.5]]]])

    assert channel_worth([(values, slopes)]) == pytest.approx(1 + 4)


def test_components_that_hold_a_share_of_the_variance_by_hand() -> None:
    axes = torch.diag(torch.tensor([3.0, 2.0, 1.0]))
    spread = torch.cat([axes, -axes])  # variances 9, 4 and 1 of 14

    assert [components(spread, share) for share in (0.6, 0.9, 0.93, 0.999)] == [1, 2, 3, 3]


def test_what_a_linear_map_explains_by_hand() -> None:
    torch.manual_seed(0)
    states = torch.randn(60, 5, dtype=torch.float64)

    assert explained(states, states @ torch.randn(5, 3, dtype=torch.float64)) > 0.999
    assert explained(states, torch.randn(60, 3)) < 0.1
    naive = []
    for strength in (
        1e-4,
        1e-3,
        1e-2,
        1e-1,
        1.0,
        10.0,
        100.0,
    ):  # leave each row out by hand, with the centre of all rows
        x = states - states.mean(0)
        y = (states[:, :1] > 0).double()
        y = torch.cat([y, -y], 1)
        y, scale = y - y.mean(0), (x @ x.T).diagonal().mean()
        missed = 0.0
        for i in range(60):
            others = [j for j in range(60) if j != i]
            fitted = torch.linalg.solve(
                x[others] @ x[others].T / scale + strength * torch.eye(59), y[others]
            )
            missed += float((y[i] - x[i] @ x[others].T / scale @ fitted).square().sum())
        naive.append(1 - missed / float(y.square().sum()))
    assert explained(
        states, torch.cat([(states[:, :1] > 0).double(), -(states[:, :1] > 0).double()], 1)
    ) == pytest.approx(max(naive))


def test_first_steps_tell_a_student_that_knows_from_one_that_does_not() -> None:
    teacher = network(2, seed=5)
    shown = rows()
    with torch.no_grad():
        known = replace(shown, answers=teacher(**shown.inputs).logits)

    assert score("first_steps", teacher, known) > score("first_steps", network(2, seed=1), known)


def test_both_gradients_agree_where_the_teacher_says_the_labels() -> None:
    sure = replace(rows(), answers=50.0 * torch.nn.functional.one_hot(rows().labels, 3).float())
    against = replace(sure, answers=-1 * sure.answers if sure.answers is not None else None)

    assert score("alignment", network(), sure) == pytest.approx(1.0, abs=1e-5)
    assert score("alignment", network(), against) < 0.5


def test_a_network_without_attention_has_no_head_confidence_and_one_of_more_layers_more() -> None:
    assert score("head_confidence", network(4), rows()) > score(
        "head_confidence", network(2), rows()
    )
    assert math.isnan(score("head_confidence", residual(), images()))


def test_deeper_networks_move_further_under_small_changes() -> None:
    shallow, deep = (
        mean([score("zen", residual(depths, seed=s), images()) for s in range(3)])
        for depths in ((1, 1, 1), (3, 3, 3))
    )

    assert deep > shallow


def test_batch_norms_take_the_batch_and_are_as_before_even_where_a_pass_fails() -> None:
    net, given = residual(), images().inputs["pixel_values"]
    net.train()
    trained = net(pixel_values=given).logits
    net.load_state_dict(residual().state_dict())
    net.eval()

    with normed_by_batch(net):
        torch.testing.assert_close(net(pixel_values=given).logits, trained)
    with pytest.raises(RuntimeError), normed_by_batch(net):
        net(pixel_values=given[:, :1])

    assert all(
        torch.equal(a, b)
        for a, b in zip(net.state_dict().values(), residual().state_dict().values())
    )
