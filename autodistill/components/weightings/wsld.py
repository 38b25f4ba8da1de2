"""Rows weighted by how poorly the student has learned their labels.

Source   Zhou et al. 2021 (WSLD), arXiv:2102.00650.
Idea     Where the student is better than the teacher, the soft label only adds variance; where it
         is worse, the soft label is worth its cost.
Inputs   logits of both networks, class indices; at least two classes.
Units    0 to 1.
Differs  no deviation from the source; the source's constant factor is the weight of the term.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.weightings import Weighting


class WSLD(Weighting):
    """1 - exp(-CE of the student / CE of the teacher)."""

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weight of each row."""
        own, theirs = (F.cross_entropy(z, labels, reduction="none") for z in (student, teacher))
        return -torch.expm1(-own / (theirs + 1e-7))
