"""Rows that are alike for the teacher are alike for the student.

Source   Tung and Mori 2019 (similarity-preserving distillation), arXiv:1907.09682.
Idea     Leave the student free in its space; only how similar the rows of a batch are is compared.
Inputs   pooled features of one layer of each network, of any widths; two rows or more, better 16.
Units    none: squared distance of unit rows of similarities, over the batch.
Differs  in nothing.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss


class SimilarityPreserving(FeatureLoss):
    """Squared distance of the normalised matrices of inner products."""

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
        """The formula."""
        own, theirs = (F.normalize(states @ states.T, dim=1) for states in (student, teacher))
        return (own - theirs).square().sum() / len(student) ** 2
