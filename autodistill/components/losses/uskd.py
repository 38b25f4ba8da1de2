"""A student that softens its own labels.

Source   Yang et al. 2023 (USKD), arXiv:2303.13005, section 3.3.
Idea     With no teacher: rows of which the student is sure count more, and the classes that it and a weak head on a middle layer put next
         get shares of the label by their rank.
Inputs   logits of the student and of the weak head, labels as classes; three classes or more.
Units    nats, mean over the batch.
Differs  cross-entropy is part of it; the weak head sees the mean state of the middle layer.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real

SMOOTHING = 0.1
"""Of the weak head's labels."""


class USKD(HardLoss):
    """CE + alpha own label + beta own ranking + mu weak head; what the student says of the labels is held constant."""

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
        """The formula; labels are classes. Without a weak head the student's own logits stand in for it."""
        return F.cross_entropy(student, labels) + self.softened(
            student, student if weak is None else weak, labels.long()
        )

    def softened(
        self,
        student: Float[Tensor, "batch classes"],
        weak: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, ""]:
        """What comes on top of cross-entropy."""
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
    """p(label)² + 1 - its mean over the batch: 1 in the mean."""
    sure = F.softmax(student, dim=-1).gather(1, labels.unsqueeze(1)).squeeze(1).square()
    return sure + 1 - sure.mean()


def ranked_labels(
    student: Float[Tensor, "batch classes"],
    weak: Float[Tensor, "batch classes"],
    labels: Int[Tensor, "batch"],
) -> Float[Tensor, "batch classes"]:
    """1 / rank among all classes, by the probabilities that both give them beside the label's; the label left out, summing to 1."""
    place = labels.unsqueeze(1)
    known = [F.softmax(z, dim=-1) for z in (weak, student)]
    order = sum(p / (1 - p.gather(1, place) + 1e-6) for p in known)
    ranks = torch.as_tensor(order).argsort(-1, descending=True).argsort(-1) + 1
    zipf = (1 / ranks.to(student.dtype)).scatter(1, place, 0.0)
    return zipf / zipf.sum(-1, keepdim=True)
