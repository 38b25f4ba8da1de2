"""Bound on mutual information that needs no learned baseline (NWJ).

Source   Nguyen et al. 2010, arXiv:0809.0853; in this form Poole et al. 2019, arXiv:1905.06922.
Idea     Unbounded, and unbiased for a perfect critic, at the price of a large variance.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, negated.
Differs  scores start at the fixed log baseline, so that the value starts near zero.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses._bounds import tuba_bound
from autodistill.components.losses._critic import CriticLoss
from autodistill.registry.ranges import OneOf


class NWJ(CriticLoss):
    """The negated bound: TUBA with a log baseline of one."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    fewest_rows = 16
    rescale = False
    width_free = True

    def __init__(self, *, hidden: Annotated[int, OneOf(128, 256, 512)] = 128) -> None:
        super().__init__()
        self.hidden = hidden

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return -tuba_bound(self.scores(student, teacher) + 1, student.new_ones(len(student)))
