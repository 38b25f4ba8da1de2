"""Norm and direction: features along their class mean, as long as the teacher's.

Source   Wang et al. 2023 (KD++), arXiv:2305.17007.
Idea     A strong teacher has features of large norm; the student's are stretched along the
         direction of the class.
Inputs   pooled features of one layer of each network, equal widths (a connector makes them equal);
         labels.
Units    dimensionless: 0 for a feature in its class direction and at least as long as the
         teacher's, 1 if orthogonal, 2 if opposite.
Differs  class means are those of the compared layer, over the training rows.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss


class NormAndDirection(FeatureLoss):
    """One minus the component along the class direction over the larger norm.

    Before `learn`, classes have no direction.
    """

    kind = "feature"
    needs = frozenset({"pooled", "labels"})
    beside = ("labels",)
    at_match = "none"
    rescale = True
    width_free = False

    directions: Tensor
    """Unit class directions: (classes, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("directions", torch.zeros(0, 0), persistent=False)

    def learn(
        self,
        states: Float[Tensor, "seen width"],
        labels: Int[Tensor, "seen"],
        rows: Int[Tensor, "seen"],
    ) -> None:
        """Compute the directions of the class means; zero for a class without rows."""
        sums = torch.zeros(int(labels.max()) + 1, states.shape[1], dtype=states.dtype).index_add_(
            0, labels, states
        )
        self.directions = F.normalize(sums, dim=1)

    def compute(
        self,
        student: Float[Tensor, "batch width"],
        teacher: Float[Tensor, "batch width"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        toward = self._directions(labels, teacher)
        length = torch.maximum(student.norm(dim=1), teacher.norm(dim=1)).clamp_min(1e-12)
        return (1 - (student * toward).sum(1) / length).mean()

    def _directions(self, labels: Tensor, like: Tensor) -> Tensor:
        known = self.directions.to(like)
        found = torch.zeros_like(like)
        seen = labels < len(known)
        found[seen] = known[labels[seen]]
        return found
