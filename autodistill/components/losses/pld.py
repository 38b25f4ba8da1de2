"""Likelihood of the teacher's ranking with the label put first.

Source   Zhang et al. 2025 (PLD), arXiv:2506.12542.
Idea     A ranking is drawn class by class (Plackett-Luce): each draw is a cross-entropy, weighted by how sure the
         teacher is of that class.
Inputs   logits of both networks, labels as classes; three classes or more, with two it is a weighted cross-entropy.
Units    nats, mean over the batch.
Differs  takes the place of hard and logit loss together in the source; here the hard loss has its own weight. Not
         zero-based.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.registry.ranges import Real


class PLD(RowLoss):
    """Sum over ranks k of q_k [log-sum-exp of the student from rank k on - student at rank k], q the teacher at temperature T."""

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "none"
    cools = True
    fewest_classes = 3

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 8.0, log=True)] = 4.0) -> None:
        super().__init__()
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The formula; labels are classes."""
        place = labels.long().unsqueeze(1)
        order = teacher.scatter(1, place, torch.inf).argsort(dim=1, descending=True, stable=True)
        ranked, weight = (
            student.gather(1, order),
            F.softmax(teacher / self.temperature, dim=-1).gather(1, order),
        )
        onward = ranked.flip(1).logcumsumexp(1).flip(1)
        return (weight * (onward - ranked)).sum(-1)
