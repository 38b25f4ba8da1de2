"""Probability that one row picks another as its neighbour.

Source   Passalis and Tefas 2018 (probabilistic knowledge transfer), arXiv:1803.10837.
Idea     Each row defines a distribution over the batch by similarity; the student's distribution
         should match the teacher's.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, summed over a row's neighbours, averaged over rows.
Differs  the mean over rows in place of the mean over all entries; probabilities are clamped to at
         least 1e-7.
"""

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._relations import similarities


class PKT(FeatureLoss):
    """KL(teacher || student) between the neighbour distributions."""

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
        own, theirs = (_shares(states) for states in (student, teacher))
        return (theirs * (theirs.log() - own.log())).sum(1).mean()


def _shares(states: Tensor) -> Tensor:
    likeness = (similarities(states) + 1) / 2
    return (likeness / likeness.sum(1, keepdim=True)).clamp_min(1e-7)
