"""Labels on a scale, with their neighbours sharing in them.

Source   Farebrother et al. 2024 (HL-Gauss), arXiv:2403.03950; Imani and White 2018, arXiv:1806.04613.
Idea     Four stars are nearly three or five, and not one: each label is a bell over the classes, so that a near miss costs less.
Inputs   logits of the student, labels as classes or as shares of them; three classes or more that are steps of a scale.
Units    nats, mean over the batch.
Differs  the value of a row is its class, in the middle of its bin, steps are equal and the bell is cut at both ends; not zero-based.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class HLGauss(HardLoss):
    """Cross-entropy with the mass that a normal distribution around the label has in each class; `sigma` is in classes."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True
    fewest_classes = 3
    ordered_only = True

    def __init__(self, *, sigma: Annotated[float, Real(0.25, 2.0)] = 0.75) -> None:
        super().__init__()
        self.sigma = sigma

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The formula; labels are classes or shares of them."""
        classes = student.shape[1]
        bells = histogram(
            torch.arange(classes, device=student.device), -0.5, classes - 0.5, classes, self.sigma
        ).to(student.dtype)
        target = labels.to(student.dtype) @ bells if labels.is_floating_point() else bells[labels]
        return F.cross_entropy(student, target)


def histogram(
    values: Tensor, low: float, high: float, bins: int, sigma: float
) -> Float[Tensor, "values bins"]:
    """Mass of a normal distribution around each value in equal bins from low to high, in all 1; `sigma` is in widths of a bin."""
    edges = torch.linspace(low, high, bins + 1, dtype=torch.float64, device=values.device)
    below: Tensor = torch.special.ndtr(
        (edges - values.double().unsqueeze(1)) / (sigma * (high - low) / bins)
    )
    mass: Tensor = below.diff(dim=1) / (below[:, -1:] - below[:, :1])
    return mass
