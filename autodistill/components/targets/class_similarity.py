"""One soft label for each class, from how near the classes are.

Source   Doshi and Kim 2024 (ReffAKD), arXiv:2404.09886: softmax of similarities of the classes' mean embeddings.
Idea     Classes that look alike get a share of each other; no answer of a teacher is needed, only what rows look like.
Inputs   labels; mean states of the teacher's last layer on the training rows, before the first step.
Units    logits: cosines of the classes' means over the temperature.
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
    """The same row of similarities for each row of a class; before `see` the teacher's own logits."""

    corrects = False
    needs = frozenset({"pooled"})

    def __init__(self, *, temperature: Annotated[float, Real(0.02, 1.0, log=True)] = 0.1) -> None:
        self.temperature = temperature
        self.similar = torch.zeros(0, 0)
        """(classes, classes)"""

    def see(
        self, states: Float[Tensor, "rows width"], labels: Int[Tensor, "rows"], classes: int
    ) -> None:
        """The similarities of the classes; one without rows is like itself only."""
        self.similar = class_logits(states, labels, classes, self.temperature)

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The formula."""
        return self.similar.to(logits)[labels] if len(self.similar) else logits


def class_logits(
    states: Float[Tensor, "rows width"],
    labels: Int[Tensor, "rows"],
    classes: int,
    temperature: float,
) -> Float[Tensor, "classes classes"]:
    """Products of the classes' mean unit states, over the temperature."""
    rows = F.one_hot(labels, classes).to(states)
    means = rows.T @ F.normalize(states, dim=1) / rows.sum(0).clamp_min(1).unsqueeze(1)
    return means @ means.T / temperature
