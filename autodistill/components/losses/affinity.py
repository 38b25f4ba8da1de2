"""Affinities between the rows of a batch: which rows are close to each other.

Source   Wu et al. 2023 (TinyCLIP, affinity mimicking), arXiv:2309.12314, between texts and images;
         here among rows of one modality.
Idea     A sharp softmax over similarities concentrates on the nearest rows; distant rows, which say
         little, hardly count.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, averaged over rows; 0 for equal affinities.
Differs  KL divergence in place of cross-entropy, which has the same gradient; a row's similarity to
         itself, always the highest, is left out, so that rows and columns are the same matrix; a
         fixed temperature in place of a learned scale.
"""

import math
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import similarities
from autodistill.registry.ranges import Real


class Affinity(FeatureLoss):
    """KL divergence between teacher and student affinities; 0 for a single row."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    fewest_rows = 16

    def __init__(self, *, temperature: Annotated[float, Real(0.02, 0.5, log=True)] = 0.1) -> None:
        super().__init__()
        self.temperature = temperature

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        if len(student) < 2:
            return student.sum() * 0.0
        return by_affinity(student, teacher, self.temperature)


def by_affinity(
    student: Float[Tensor, "batch student_width"],
    teacher: Float[Tensor, "batch teacher_width"],
    temperature: float,
    *,
    own: bool = False,
) -> Float[Tensor, ""]:
    """The KL divergence; with `own`, a row's similarity to itself counts as well."""
    hidden = torch.eye(len(student), dtype=torch.bool, device=student.device) & (not own)
    ours, theirs = (
        (similarities(x) / temperature).masked_fill(hidden, -math.inf).log_softmax(1)
        for x in (student, teacher)
    )
    return (theirs.exp() * (theirs - ours).masked_fill(hidden, 0.0)).sum(1).mean()
