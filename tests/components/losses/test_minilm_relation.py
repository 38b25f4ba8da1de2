import math

import pytest
import torch

from autodistill.components.losses.minilm_relation import MiniLMRelation, relation_divergence

MASK = torch.tensor([[1, 1]])


def test_two_tokens_by_hand() -> None:
    student, teacher = torch.tensor([[[1.0], [0.0]]]), torch.tensor([[[2.0], [0.0]]])

    value = relation_divergence(student, student, teacher, teacher, MASK, heads=1)

    # the first token's scores are (1, 0) and (4, 0), the second's are (0, 0) in both
    p, q = 1 / (1 + math.exp(-4)), 1 / (1 + math.exp(-1))
    kl = p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
    assert value.item() == pytest.approx(kl / 2, rel=1e-5)


def test_relations_add_up_and_widths_may_differ() -> None:
    torch.manual_seed(0)
    student, teacher, mask = (
        torch.randn(3, 2, 4, 8),
        torch.randn(3, 2, 4, 12),
        torch.ones(2, 4, dtype=torch.long),
    )

    def value(names: str) -> float:
        return MiniLMRelation(relations=names, relation_heads=4)(student, teacher, mask=mask).item()  # type: ignore[no-any-return]

    pair = relation_divergence(student[0], student[1], teacher[0], teacher[1], mask, 4).item()
    assert value("qk vv") == pytest.approx(pair + value("vv"), rel=1e-5)


def test_heads_that_do_not_divide_are_reduced_until_they_do() -> None:
    torch.manual_seed(0)
    student, teacher, mask = (
        torch.randn(3, 2, 4, 8),
        torch.randn(3, 2, 4, 12),
        torch.ones(2, 4, dtype=torch.long),
    )

    values = [MiniLMRelation(relation_heads=n)(student, teacher, mask=mask).item() for n in (48, 4)]

    assert values[0] == values[1]


def test_padding_does_not_matter() -> None:
    torch.manual_seed(0)
    student, teacher, mask = (
        torch.randn(3, 2, 4, 8),
        torch.randn(3, 2, 4, 8),
        torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]]),
    )
    other = torch.where(mask.bool()[None, :, :, None], student, 7.0)

    loss = MiniLMRelation()

    torch.testing.assert_close(loss(other, teacher, mask=mask), loss(student, teacher, mask=mask))
