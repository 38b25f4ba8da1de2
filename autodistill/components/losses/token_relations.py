"""Token relation graph: neighbourhoods within a text and across the batch.

Source   token relation graphs (TRG), arXiv:2306.12442.
Idea     The tokens of a batch form a graph by the teacher's distances; the student preserves its
         edges, the relations within each text, and the identity of each token.
Inputs   token states of one layer of each network, any widths; the mask of valid tokens.
Units    inner: squared probabilities, summed over a row; local and global: nats. Averaged over rows
         or tokens, then added.
Differs  tokens are sampled evenly over a text; distances are divided by their median; KL(teacher ||
         student); one temperature throughout.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss
from autodistill.registry.ranges import OneOf, Real


class TokenRelations(FeatureLoss):
    """The sum of the inner, local and global terms."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    at_match = "none"
    rescale = True

    student_map: nn.Linear

    def __init__(
        self,
        *,
        tokens: Annotated[int, OneOf(4, 8, 16)] = 8,
        neighbours: Annotated[int, OneOf(4, 8, 16)] = 8,
        temperature: Annotated[float, Real(0.05, 0.5, log=True)] = 0.1,
    ) -> None:
        super().__init__()
        self.tokens = tokens
        self.neighbours = neighbours
        self.temperature = temperature

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the map by which a token is matched to its teacher state."""
        self.student_map = nn.Linear(student_width, teacher_width)

    def compute(
        self,
        student: Float[Tensor, "batch tokens student_width"],
        teacher: Float[Tensor, "batch tokens teacher_width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        valid = mask.bool()
        terms = [inner(student, teacher, mask) * mask.shape[1]]
        taken = valid & evenly(mask, self.tokens)
        ours, theirs = student[taken], teacher[taken]
        if len(ours) > 1:
            terms.append(local(ours, theirs, self.neighbours))
            found = (
                F.normalize(self.student_map(ours), dim=1)
                @ F.normalize(theirs, dim=1).T
                / self.temperature
            )
            terms.append(-found.log_softmax(1).diagonal().mean())
        else:
            terms.append(self.student_map(student).sum() * 0.0)
        return torch.stack(terms).sum()


def evenly(mask: Int[Tensor, "batch tokens"], count: int) -> Tensor:
    """Mask (batch, tokens) of at most `count` tokens per row, spread over its length."""
    length = mask.sum(1, keepdim=True)
    place = torch.arange(mask.shape[1], device=mask.device)
    few = torch.clamp(length, max=count)
    return (place * few) // length.clamp_min(1) != ((place - 1) * few).div(
        length.clamp_min(1), rounding_mode="floor"
    )


def inner(
    student: Float[Tensor, "batch tokens student_width"],
    teacher: Float[Tensor, "batch tokens teacher_width"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, ""]:
    """Mean squared difference of softmax(F F^T / sqrt(width)) over valid pairs.

    The mean runs over the valid pairs of all rows.
    """
    valid = mask.bool()
    ours, theirs = (
        (x @ x.transpose(1, 2) / x.shape[2] ** 0.5)
        .masked_fill(~valid.unsqueeze(1), -1e4)
        .softmax(2)
        for x in (student, teacher)
    )
    pairs = valid.unsqueeze(2) & valid.unsqueeze(1)
    return torch.where(pairs, ours - theirs, 0.0).square().sum() / pairs.sum().clamp_min(1)


def local(
    student: Float[Tensor, "n student_width"],
    teacher: Float[Tensor, "n teacher_width"],
    neighbours: int,
) -> Float[Tensor, ""]:
    """KL divergence over each token's nearest neighbours in the teacher."""
    apart = _apart(teacher).fill_diagonal_(float("inf"))
    near = apart.topk(min(neighbours, len(teacher) - 1), largest=False).indices
    ours, theirs = (
        (-_apart(x).gather(1, near) / 2).exp().log_softmax(1) for x in (student, teacher)
    )
    return (theirs.exp() * (theirs - ours)).sum(1).mean()


def _apart(x: Tensor) -> Tensor:
    squares = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").square()
    return squares / squares.median().clamp_min(1e-12)
