"""Lower bound on the mutual information of two layers.

Source   He et al. 2021, arXiv:2109.11105, MI-alpha; Poole et al. 2019, arXiv:1905.06922, the
         interpolated bound I_alpha.
Idea     A critic learns which student row belongs to which teacher row; the student learns to make
         that easy. alpha trades bias for variance: 1 is InfoNCE, small values trust the learned
         baseline more.
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, negated; near 0 at the first step, never below -1 - log((batch - 1) / alpha).
Differs  rows of the score matrix are teacher samples, so that a baseline belongs to the sample from
         which it is subtracted; the left-out term never enters the sum, instead of being subtracted
         from it; one critic per pair of layers.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.losses._bounds import mi_alpha_bound
from autodistill.components.losses._critic import CriticLoss, tower
from autodistill.registry.ranges import OneOf, Real


class MIAlpha(CriticLoss):
    """The negated I_alpha, with a separable critic and a baseline on the teacher."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "none"
    fewest_rows = 16
    rescale = False
    width_free = True

    baseline: nn.Sequential

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.05, 1.0)] = 0.9,
        hidden: Annotated[int, OneOf(128, 256, 512)] = 128,
        rate: Annotated[float, Real(1.0, 10.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.hidden = hidden
        self.rate = rate
        """Learning rate of critic and baseline, as a multiple of the student's."""

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
        return -mi_alpha_bound(
            self.scores(student, teacher), self.baseline(teacher).squeeze(-1), self.alpha
        )
