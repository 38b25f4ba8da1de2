import math

import pytest
import torch

from autodistill.components.losses.token_relations import TokenRelations, evenly, inner, local


def test_tokens_are_taken_evenly_and_never_from_padding() -> None:
    mask = torch.tensor([[1] * 8, [1] * 4 + [0] * 4, [1] * 2 + [0] * 6])

    found = (evenly(mask, 4) & mask.bool()).long()

    assert found.sum(1).tolist() == [4, 4, 2]
    assert found[0].tolist() == [1, 0, 1, 0, 1, 0, 1, 0]


def test_two_tokens_of_one_text_by_hand() -> None:
    student, teacher = torch.tensor([[[1.0], [0.0]]]), torch.tensor([[[0.0], [0.0]]])

    value = inner(student, teacher, torch.tensor([[1, 1]]))

    first = 1 / (
        1 + math.exp(-1)
    )  # softmax of (1, 0) against (0.5, 0.5); the second token's rows are equal
    assert value.item() == pytest.approx(2 * (first - 0.5) ** 2 / 4, rel=1e-5)


def test_the_graph_is_blind_to_a_turn_and_a_scale() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(12, 4), torch.randn(12, 3)
    turned = 3.0 * student @ torch.linalg.qr(torch.randn(4, 4)).Q

    torch.testing.assert_close(
        local(turned, teacher, 4), local(student, teacher, 4), rtol=1e-4, atol=1e-6
    )
    assert local(teacher, teacher, 4).item() == pytest.approx(0.0, abs=1e-6)
    assert local(student, teacher, 4).item() > 0


def test_what_stands_in_padding_does_not_matter() -> None:
    torch.manual_seed(0)
    loss, mask = TokenRelations(), torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])
    loss.connect(4, 3)
    student, teacher = torch.randn(2, 4, 4), torch.randn(2, 4, 3)
    other = torch.where(mask.bool().unsqueeze(2), student, 50.0)

    torch.testing.assert_close(loss(other, teacher, mask=mask), loss(student, teacher, mask=mask))
