"""Self-distillation: a student that softens its own labels.

Source   Yang et al. 2023 (USKD), arXiv:2303.13005, section 3.3.
Idea     No teacher is needed: rows on which the student is confident count more, and the runner-up
         classes of the student and of a weak head on a middle layer get shares of the label by
         rank.
Inputs   logits of the student and of the weak head, class indices; at least three classes.
Units    nats, averaged over the batch.
Differs  cross-entropy is included; the weak head reads the mean state of the middle layer.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real

SMOOTHING = 0.1
"""Label smoothing of the weak head."""


class USKD(HardLoss):
    """CE + alpha target term + beta ranking term + mu weak-head term.

    Weights derived from the student's predictions are held constant.
    """

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    holds = True
    head = "middle"
    fewest_classes = 3

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.1, 2.0)] = 1.0,
        beta: Annotated[float, Real(0.01, 2.0, log=True)] = 0.1,
        mu: Annotated[float, Real(0.001, 1.0, log=True)] = 0.005,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.beta = beta
        self.mu = mu

    def compute(
        self,
        student: Float[Tensor, "batch classes"],
        labels: Labels,
        weak: Float[Tensor, "batch classes"] | None = None,
    ) -> Float[Tensor, ""]:
        """The mean loss; without a weak head the student's logits stand in for it."""
        return F.cross_entropy(student, labels) + self.softened(
            student, student if weak is None else weak, labels.long()
        )

    def softened(
        self,
        student: Float[Tensor, "batch classes"],
        weak: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, ""]:
        """The terms added to cross-entropy."""
        place = labels.unsqueeze(1)
        own = (
            own_labels(student.detach(), labels)
            * F.cross_entropy(student, labels, reduction="none")
        ).mean()
        others = F.log_softmax(student.scatter(1, place, -torch.inf), dim=-1).scatter(1, place, 0.0)
        ranking = -(ranked_labels(student.detach(), weak.detach(), labels) * others).sum(-1).mean()
        return (
            self.alpha * own
            + self.beta * ranking
            + self.mu * F.cross_entropy(weak, labels, label_smoothing=SMOOTHING)
        )


def own_labels(
    student: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
) -> Float[Tensor, "batch"]:
    """p(label)² + 1 - its batch mean: a row weight with mean 1."""
    sure = F.softmax(student, dim=-1).gather(1, labels.unsqueeze(1)).squeeze(1).square()
    return sure + 1 - sure.mean()


def ranked_labels(
    student: Float[Tensor, "batch classes"],
    weak: Float[Tensor, "batch classes"],
    labels: Int[Tensor, "batch"],
) -> Float[Tensor, "batch classes"]:
    """Zipf weights 1 / rank over the classes except the label, summing to 1.

    Classes are ranked by the sum of the probabilities that both heads give them, each renormalised
    without the label.
    """
    place = labels.unsqueeze(1)
    known = [F.softmax(z, dim=-1) for z in (weak, student)]
    order = sum(p / (1 - p.gather(1, place) + 1e-6) for p in known)
    ranks = torch.as_tensor(order).argsort(-1, descending=True).argsort(-1) + 1
    zipf = (1 / ranks.to(student.dtype)).scatter(1, place, 0.0)
    return zipf / zipf.sum(-1, keepdim=True)
