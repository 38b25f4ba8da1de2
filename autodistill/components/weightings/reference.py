"""The teacher is heard on rows where the student is farther behind a small model than elsewhere.

Source   Hu et al. 2025 (AdaSPEC), arXiv:2510.19779, selective distillation with a reference.
Idea     What even a small model has learned from the teacher can be learned, what it has not may be beyond the student as well: visits of
         the teacher's attention go to the rows where student and reference differ most.
Inputs   logits of the student, the teacher and the reference; two classes or more.
Units    0, or one over the share that is kept.
Differs  the reference is a linear map of the teacher's mean word embedding to its logits [ours] rather than a distilled copy of the
         student; rows rather than tokens; kept rows weigh as much together as all would.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.weightings import Weighting
from autodistill.registry.ranges import Real


class Reference(Weighting):
    """Rows with the largest KL(teacher || student) - KL(teacher || reference), the share `keep` of a batch."""

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
        """The formula; without a reference an even distribution stands in for it."""
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
    """KL(teacher || student) - KL(teacher || reference) in nats; the teacher's entropy cancels."""
    p = F.softmax(teacher, dim=-1)
    return (p * (F.log_softmax(reference, dim=-1) - F.log_softmax(student, dim=-1))).sum(-1)
