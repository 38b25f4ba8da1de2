"""Labels, and answers that say more of a row than its label does.

Source   Ye et al. 2024 (maximum conditional mutual information), arXiv:2401.08732.
Idea     A teacher whose answers to one class are all alike teaches no more than the label; this one is rewarded for their difference.
Inputs   labels as classes; before the first step the answers of the network as it is, for the means of the classes.
Units    nats, mean over the batch; below the cross-entropy by what is rewarded, so it may be negative.
Differs  in nothing; before `learn` it is the cross-entropy.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class MCMI(HardLoss):
    """Cross-entropy less `strength` times the divergence of each answer from its class's mean answer."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    for_teachers = True

    def __init__(self, *, strength: Annotated[float, Real(0.01, 0.5, log=True)] = 0.1) -> None:
        super().__init__()
        self.strength = strength
        self.means = torch.zeros(0, 0)
        """Of the probabilities, by class: (classes, classes)."""

    def learn(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:
        """The mean answer to each class; even where a class has no rows."""
        rows, answers = F.one_hot(labels, logits.shape[1]).to(logits), logits.softmax(1)
        counts = rows.sum(0).unsqueeze(1)
        self.means = torch.where(
            counts > 0, rows.T @ answers / counts.clamp_min(1), 1 / logits.shape[1]
        )

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The formula."""
        value = F.cross_entropy(student, labels)
        if not len(self.means):
            return value
        return value - self.strength * spread(student, labels.long(), self.means.to(student))


def spread(
    logits: Float[Tensor, "batch classes"],
    labels: Int[Tensor, "batch"],
    means: Float[Tensor, "classes classes"],
) -> Float[Tensor, ""]:
    """Mean divergence of the answers from the mean answer to their class."""
    own = logits.log_softmax(1)
    return (own.exp() * (own - means[labels].clamp_min(1e-12).log())).sum(1).mean()
