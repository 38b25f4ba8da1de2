"""Squared error between attention scores before the softmax.

Source   Jiao et al. 2020 (TinyBERT), arXiv:1909.10351, eq. 7.
Idea     Attention patterns describe the function of a layer; unlike probabilities, scores are not
         squashed.
Inputs   queries, keys and values of one layer of each network; the mask of valid tokens.
Units    squared scores, averaged over valid pairs of tokens and over heads.
Differs  where the numbers of heads differ, the means over heads are compared.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import FeatureLoss


class AttentionMSE(FeatureLoss):
    """Mean squared difference between attention scores."""

    kind = "feature"
    needs = frozenset({"projections"})
    signal = "projections"
    beside = ("mask",)
    attends = True
    at_match = "zero"
    rescale = True

    def compute(
        self,
        student: Float[Tensor, "3 batch tokens student_width"],
        teacher: Float[Tensor, "3 batch tokens teacher_width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        ours, theirs = (
            attention_scores(x[0], x[1], n) for x, n in zip((student, teacher), self.heads)
        )
        if ours.shape[1] != theirs.shape[1]:
            ours, theirs = ours.mean(1, keepdim=True), theirs.mean(1, keepdim=True)
        return scores_mse(ours, theirs, mask)


def attention_scores(
    queries: Float[Tensor, "batch tokens width"],
    keys: Float[Tensor, "batch tokens width"],
    heads: int,
) -> Float[Tensor, "batch heads tokens tokens"]:
    """Attention logits of every query token with every key token."""
    q, k = (x.reshape(*x.shape[:2], heads, -1).transpose(1, 2) for x in (queries, keys))
    found: Tensor = q @ k.transpose(2, 3) / q.shape[3] ** 0.5
    return found


def scores_mse(
    student: Float[Tensor, "batch heads tokens tokens"],
    teacher: Float[Tensor, "batch heads tokens tokens"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, ""]:
    """Mean squared difference over pairs of valid tokens."""
    valid = (mask.unsqueeze(2) * mask.unsqueeze(1)).bool().unsqueeze(1)
    gap = torch.where(valid, student - teacher, 0.0).square().sum()
    return gap / (valid.sum() * student.shape[1]).clamp_min(1)
