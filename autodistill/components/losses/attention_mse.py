"""Attention before the softmax, as numbers.

Source   Jiao et al. 2020 (TinyBERT), arXiv:1909.10351, eq. 7.
Idea     Which token looks at which says what a layer does; unlike probabilities, scores are not squeezed.
Inputs   queries, keys and values of one layer of each network; which tokens are valid.
Units    squared scores, mean over valid pairs of tokens and over heads.
Differs  where numbers of heads differ, the means over heads are compared.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import FeatureLoss


class AttentionMSE(FeatureLoss):
    """Mean squared difference of scores."""

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
        """The formula."""
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
    """Of each token as a query to each as a key, before the softmax."""
    q, k = (x.reshape(*x.shape[:2], heads, -1).transpose(1, 2) for x in (queries, keys))
    found: Tensor = q @ k.transpose(2, 3) / q.shape[3] ** 0.5
    return found


def scores_mse(
    student: Float[Tensor, "batch heads tokens tokens"],
    teacher: Float[Tensor, "batch heads tokens tokens"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, ""]:
    """Over pairs of valid tokens."""
    valid = (mask.unsqueeze(2) * mask.unsqueeze(1)).bool().unsqueeze(1)
    gap = torch.where(valid, student - teacher, 0.0).square().sum()
    return gap / (valid.sum() * student.shape[1]).clamp_min(1)
