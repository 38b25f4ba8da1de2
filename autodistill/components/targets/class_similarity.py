"""One soft label per class, from the similarity of the classes.

Source   Doshi and Kim 2024 (ReffAKD), arXiv:2404.09886: softmax of similarities of the classes'
         mean embeddings.
Idea     Similar classes share probability; no teacher predictions are needed, only features of the
         rows.
Inputs   labels; mean states of the teacher's last layer on the training rows, before the first
         step.
Units    logits: cosines between class means divided by the temperature.
Differs  the teacher's states in place of an autoencoder's.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.targets import Target
from autodistill.registry.ranges import Real


class ClassSimilarity(Target):
    """The label's row of class similarities; before `see`, the teacher's logits."""

    corrects = False
    needs = frozenset({"pooled"})

    def __init__(self, *, temperature: Annotated[float, Real(0.02, 1.0, log=True)] = 0.1) -> None:
        self.temperature = temperature
        self.similar = torch.zeros(0, 0)
        """Similarity logits: (classes, classes)."""

    def see(
        self, states: Float[Tensor, "rows width"], labels: Int[Tensor, "rows"], classes: int
    ) -> None:
        """Compute the class similarities; a class without rows gets all zeros."""
        self.similar = class_logits(states, labels, classes, self.temperature)

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The similarity logits of each row's label."""
        return self.similar.to(logits)[labels] if len(self.similar) else logits


def class_logits(
    states: Float[Tensor, "rows width"],
    labels: Int[Tensor, "rows"],
    classes: int,
    temperature: float,
) -> Float[Tensor, "classes classes"]:
    """Inner products of the classes' mean unit states, divided by the temperature."""
    rows = F.one_hot(labels, classes).to(states)
    means = rows.T @ F.normalize(states, dim=1) / rows.sum(0).clamp_min(1).unsqueeze(1)
    return means @ means.T / temperature
