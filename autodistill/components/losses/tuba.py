"""Bound on mutual information with a learned baseline (TUBA).

Source   Barber and Agakov 2003; in this form Poole et al. 2019, arXiv:1905.06922.
Idea     Like NWJ, with a baseline per teacher row that lowers the variance; the end alpha = 0 of
         MI-alpha.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, negated; near 0 at the first step.
Differs  rows of the score matrix are teacher samples, to which the baselines belong.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.losses._bounds import tuba_bound
from autodistill.components.losses._critic import CriticLoss, tower
from autodistill.registry.ranges import OneOf


class TUBA(CriticLoss):
    """The negated bound, with a separable critic and a baseline on the teacher."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    fewest_rows = 16
    rescale = False
    width_free = True

    baseline: nn.Sequential

    def __init__(self, *, hidden: Annotated[int, OneOf(128, 256, 512)] = 128) -> None:
        super().__init__()
        self.hidden = hidden

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the critic's towers and the baseline network."""
        super().connect(student_width, teacher_width)
        self.baseline = tower(teacher_width, self.hidden, 1)

    def compute(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return -tuba_bound(self.scores(student, teacher), self.baseline(teacher).squeeze(-1))
