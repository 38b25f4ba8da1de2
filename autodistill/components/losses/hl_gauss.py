"""Cross-entropy with Gaussian-smoothed ordinal labels.

Source   Farebrother et al. 2024 (HL-Gauss), arXiv:2403.03950; Imani and White 2018,
         arXiv:1806.04613.
Idea     Four stars are nearly three or five, but not one: each label becomes a bell curve over the
         classes, so that a near miss costs less.
Inputs   student logits, class indices or class probabilities; at least three classes that are steps
         of a scale.
Units    nats, averaged over the batch.
Differs  a row's value is its class index, at the centre of its bin; bins have equal widths, and the
         bell curve is truncated at both ends; not zero-based.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class HLGauss(HardLoss):
    """Cross-entropy with the mass of a truncated normal distribution per class.

    The distribution is centred on the label; `sigma` is in classes.
    """

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
        """The mean loss; `labels` are class indices or class probabilities."""
        classes = student.shape[1]
        bells = histogram(
            torch.arange(classes, device=student.device), -0.5, classes - 0.5, classes, self.sigma
        ).to(student.dtype)
        target = labels.to(student.dtype) @ bells if labels.is_floating_point() else bells[labels]
        return F.cross_entropy(student, target)


def histogram(
    values: Tensor, low: float, high: float, bins: int, sigma: float
) -> Float[Tensor, "values bins"]:
    """Mass of a normal distribution around each value, in equal bins; rows sum to 1.

    The bins range from `low` to `high`; `sigma` is in bin widths.
    """
    edges = torch.linspace(low, high, bins + 1, dtype=torch.float64, device=values.device)
    below: Tensor = torch.special.ndtr(
        (edges - values.double().unsqueeze(1)) / (sigma * (high - low) / bins)
    )
    mass: Tensor = below.diff(dim=1) / (below[:, -1:] - below[:, :1])
    return mass
