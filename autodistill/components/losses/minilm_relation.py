"""Attention relations: scaled products among queries, keys and values.

Source   Wang et al. 2020 (MiniLM), arXiv:2002.10957, eq. 6 to 8; Wang et al. 2021 (MiniLMv2),
         arXiv:2012.15828, eq. 6.
Idea     Relations between tokens are independent of width, so networks of any widths and heads can
         be compared; one layer is enough.
Inputs   queries, keys and values of one layer of each network; the mask of valid tokens.
Units    nats, summed over the relations, averaged over relation heads and valid tokens; 0 for equal
         relations.
Differs  the number of relation heads is lowered until it divides both widths; averaged over the
         tokens of the batch, not text by text.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf

PLACE = {"q": 0, "k": 1, "v": 2}


class MiniLMRelation(FeatureLoss):
    """KL divergence between teacher and student relations."""

    kind = "feature"
    needs = frozenset({"projections"})
    signal = "projections"
    beside = ("mask",)
    attends = True
    at_match = "zero"
    rescale = True

    def __init__(
        self,
        *,
        relations: Annotated[str, OneOf("qk vv", "qq kk vv", "vv")] = "qq kk vv",
        relation_heads: Annotated[int, OneOf(1, 4, 12, 24, 48)] = 12,
    ) -> None:
        super().__init__()
        self.relations = relations
        self.relation_heads = relation_heads

    def compute(
        self,
        student: Float[Tensor, "3 batch tokens student_width"],
        teacher: Float[Tensor, "3 batch tokens teacher_width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        shared = math.gcd(student.shape[3], teacher.shape[3])
        heads = next(n for n in range(self.relation_heads, 0, -1) if shared % n == 0)
        pairs = [[PLACE[part] for part in pair] for pair in self.relations.split()]
        sides = [((student[a], student[b]), (teacher[a], teacher[b])) for a, b in pairs]
        return torch.stack(
            [relation_divergence(*own, *theirs, mask, heads) for own, theirs in sides]
        ).sum()


def relation_divergence(
    student_a: Float[Tensor, "batch tokens student_width"],
    student_b: Float[Tensor, "batch tokens student_width"],
    teacher_a: Float[Tensor, "batch tokens teacher_width"],
    teacher_b: Float[Tensor, "batch tokens teacher_width"],
    mask: Int[Tensor, "batch tokens"],
    heads: int,
) -> Float[Tensor, ""]:
    """KL(teacher || student) of softmax(a b^T / sqrt(head width)) over valid tokens."""
    ours, theirs = (
        _relation(a, b, mask, heads) for a, b in ((student_a, student_b), (teacher_a, teacher_b))
    )
    rows = (theirs.exp() * (theirs - ours)).sum(3).mean(1)
    return (rows * mask).sum() / mask.sum().clamp_min(1)


def _relation(a: Tensor, b: Tensor, mask: Tensor, heads: int) -> Tensor:
    a, b = (x.reshape(*x.shape[:2], heads, -1).transpose(1, 2) for x in (a, b))
    found: Tensor = a @ b.transpose(2, 3) / a.shape[3] ** 0.5
    return found.masked_fill(~mask.bool()[:, None, None, :], -1e4).log_softmax(3)
