"""Rows kept where the student lags a small reference model the most.

Source   Hu et al. 2025 (AdaSPEC), arXiv:2510.19779, selective distillation with a reference.
Idea     Whatever even a small model has learned from the teacher is learnable; the rest may be
         beyond the student as well: distillation concentrates on the rows where student and
         reference differ most.
Inputs   logits of the student, the teacher and the reference; at least two classes.
Units    0, or one over the share that is kept.
Differs  the reference is a linear map of the teacher's mean word embedding to its logits (this
         project's choice) rather than a distilled copy of the student; rows rather than tokens;
         kept rows weigh as much together as all would.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.weightings import Weighting
from autodistill.registry.ranges import Real


class Reference(Weighting):
    """The share `keep` of a batch with the largest excess loss of the student.

    Excess: KL(teacher || student) - KL(teacher || reference).
    """

    needs = frozenset({"logits", "pooled"})

    def __init__(self, *, keep: Annotated[float, Real(0.2, 1.0)] = 0.4) -> None:
        self.keep = keep

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        reference: Float[Tensor, "batch classes"] | None = None,
    ) -> Float[Tensor, "batch"]:
        """The weight of each row; a uniform distribution replaces a missing reference."""
        behind = excess(
            student, teacher, torch.zeros_like(teacher) if reference is None else reference
        )
        kept = max(1, round(self.keep * len(behind)))
        return torch.zeros_like(behind).index_fill(0, behind.topk(kept).indices, len(behind) / kept)


def excess(
    student: Float[Tensor, "batch classes"],
    teacher: Float[Tensor, "batch classes"],
    reference: Float[Tensor, "batch classes"],
) -> Float[Tensor, "batch"]:
    """KL(teacher || student) - KL(teacher || reference) per row, in nats.

    The teacher's entropy cancels.
    """
    p = F.softmax(teacher, dim=-1)
    return (p * (F.log_softmax(reference, dim=-1) - F.log_softmax(student, dim=-1))).sum(-1)
