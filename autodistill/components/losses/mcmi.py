"""Cross-entropy with a reward for conditional mutual information.

Source   Ye et al. 2024 (maximum conditional mutual information), arXiv:2401.08732.
Idea     A teacher whose predictions are alike for all rows of a class teaches no more than the
         label; this loss rewards differences between them.
Inputs   class indices; before the first step, the network's initial logits, for the class
         means.
Units    nats, averaged over the batch; the reward is subtracted from the cross-entropy, so the
         value may be negative.
Differs  no deviation from the source; before `learn` it is the cross-entropy.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class MCMI(HardLoss):
    """Cross-entropy minus `strength` times the spread of predictions in a class.

    The spread is the KL divergence of each prediction from its class's mean prediction.
    """

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    for_teachers = True

    means: Tensor
    """Mean probabilities by class: (classes, classes)."""

    def __init__(self, *, strength: Annotated[float, Real(0.01, 0.5, log=True)] = 0.1) -> None:
        super().__init__()
        self.strength = strength
        self.register_buffer("means", torch.zeros(0, 0), persistent=False)

    def learn(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:
        """Compute the mean prediction per class; uniform for a class without rows."""
        rows, answers = F.one_hot(labels, logits.shape[1]).to(logits), logits.softmax(1)
        counts = rows.sum(0).unsqueeze(1)
        self.means = torch.where(
            counts > 0, rows.T @ answers / counts.clamp_min(1), 1 / logits.shape[1]
        )

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The loss of the batch."""
        value = F.cross_entropy(student, labels)
        if not len(self.means):
            return value
        return value - self.strength * spread(student, labels.long(), self.means.to(student))


def spread(
    logits: Float[Tensor, "batch classes"],
    labels: Int[Tensor, "batch"],
    means: Float[Tensor, "classes classes"],
) -> Float[Tensor, ""]:
    """Mean KL divergence of predictions from the mean prediction of their class."""
    own = logits.log_softmax(1)
    return (own.exp() * (own - means[labels].clamp_min(1e-12).log())).sum(1).mean()
