"""Rows weighted by the teacher's entropy.

Source   Su et al. 2023 (EA-KD), arXiv:2311.13621.
Idea     A certain teacher says no more than the label does; its additional knowledge is in rows of
         high entropy.
Inputs   the teacher's logits; at least two classes.
Units    batch mean 1; in a batch of certain rows every weight is 1.
Differs  divided by the batch mean, so that the weight of the term keeps its meaning.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.weightings import Weighting
from autodistill.registry.ranges import Real


class Entropy(Weighting):
    """Teacher entropy at a temperature, divided by its batch mean."""

    def __init__(self, *, temperature: Annotated[float, Real(1.0, 4.0)] = 1.0) -> None:
        self.temperature = temperature

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weight of each row."""
        known = F.log_softmax(teacher / self.temperature, dim=-1)
        unsure = -(known.exp() * known).sum(-1)
        mean = unsure.mean()
        return torch.where(mean > 1e-12, unsure / mean.clamp_min(1e-12), torch.ones_like(unsure))
