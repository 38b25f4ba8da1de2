"""InfoNCE: identify the teacher row that belongs to each student row.

Source   van den Oord et al. 2018 (CPC), arXiv:1807.03748, eq. 4; as a bound on information: Poole
         et al. 2019, arXiv:1905.06922.
Idea     A critic distinguishes a row's partner from the rest of the batch; low variance, but never
         more information than log(batch).
Inputs   pooled features of one layer of each network, any widths; at least two rows, preferably 16
         or more.
Units    nats, negated: from 0 at the first step down to -log(batch).
Differs  log(batch) is added, so that the value is the bound; the other rows are the only negatives.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses._bounds import infonce_bound
from autodistill.components.losses._critic import CriticLoss
from autodistill.registry.ranges import OneOf


class InfoNCE(CriticLoss):
    """The negated InfoNCE bound, with a separable critic."""

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
        return -infonce_bound(self.scores(student, teacher))
