"""Plackett-Luce likelihood of the teacher's ranking with the label first.

Source   Zhang et al. 2025 (PLD), arXiv:2506.12542.
Idea     A ranking is sampled class by class (Plackett-Luce): each choice is a cross-entropy,
         weighted by the teacher's confidence in that class.
Inputs   logits of both networks, class indices; at least three classes: with two it is a weighted
         cross-entropy.
Units    nats, averaged over the batch.
Differs  replaces hard and logit loss together in the source; here the hard loss has its own weight.
         Not zero-based.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.registry.ranges import Real


class PLD(RowLoss):
    """Sum over ranks k of q_k [log-sum-exp(student from rank k on) - student at k].

    q is the teacher at temperature T.
    """

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "none"
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
        """The loss of each row; `labels` are class indices."""
        place = labels.long().unsqueeze(1)
        order = teacher.scatter(1, place, torch.inf).argsort(dim=1, descending=True, stable=True)
        ranked, weight = (
            student.gather(1, order),
            F.softmax(teacher / self.temperature, dim=-1).gather(1, order),
        )
        onward = ranked.flip(1).logcumsumexp(1).flip(1)
        return (weight * (onward - ranked)).sum(-1)
