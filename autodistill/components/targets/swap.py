"""The teacher's strongest logit changes places with the label's.

Source   probability shift in TextBrewer, Yang et al. 2020, arXiv:2002.12620.
Idea     The label leads and the teacher's distribution keeps its shape: as sure, as spread, but of the right class.
Inputs   the teacher's logits, labels as classes; two classes or more.
Units    logits.
Differs  nothing.
"""

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.targets import Target


class Swap(Target):
    """Two entries of a row exchanged; rows that are right stay."""

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The formula."""
        place, top = labels.unsqueeze(1), logits.argmax(-1, keepdim=True)
        return logits.scatter(1, top, logits.gather(1, place)).scatter(
            1, place, logits.gather(1, top)
        )
