"""Centred kernel alignment of two layers.

Source   Kornblith et al. 2019, arXiv:1905.00414, with the linear kernel.
Idea     Two layers are equivalent if one is a rotated, shifted and scaled copy of the other.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    dimensionless: 0 for perfect alignment, 1 for none.
Differs  one minus the alignment; on a batch in place of a whole dataset.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import FeatureLoss


class CKA(FeatureLoss):
    """One minus the alignment; a batch without variance counts as unaligned."""

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
        own, theirs = (states - states.mean(0) for states in (student, teacher))
        grams = own @ own.T, theirs @ theirs.T
        size = (grams[0].square().sum() * grams[1].square().sum()).clamp_min(1e-24).sqrt()
        return 1 - (grams[0] * grams[1]).sum() / size
