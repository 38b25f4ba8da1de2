"""Rows weighted by the teacher's probability of their label.

Source   this project's own; the weight that NKD gives its first term (Yang et al. 2023,
         arXiv:2303.13005), applied to any loss.
Idea     A teacher that doubts the label of a row is likely to mislead about it, or the row is
         mislabelled: either way it should count less.
Inputs   the teacher's logits, class indices; at least two classes.
Units    0 to 1.
Differs  no deviation from the source.
"""

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.weightings import Weighting


class Confidence(Weighting):
    """Teacher probability of the label at temperature 1."""

    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """The weight of each row."""
        return F.softmax(teacher, dim=-1).gather(1, labels.unsqueeze(1)).squeeze(1)
