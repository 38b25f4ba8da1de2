"""Similarity-preserving distillation: rows alike for the teacher stay alike.

Source   Tung and Mori 2019 (similarity-preserving distillation), arXiv:1907.09682.
Idea     Leave the student free in its feature space; only how similar the rows of a batch are is
         compared.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    dimensionless: squared distance between row-normalised similarity matrices, divided by the
         squared batch size.
Differs  no deviation from the source.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss


class SimilarityPreserving(FeatureLoss):
    """Squared distance between the row-normalised matrices of inner products."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    fewest_rows = 16

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        own, theirs = (F.normalize(states @ states.T, dim=1) for states in (student, teacher))
        return (own - theirs).square().sum() / len(student) ** 2
