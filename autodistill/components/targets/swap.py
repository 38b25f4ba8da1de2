"""The teacher's largest logit swapped with the label's.

Source   probability shift in TextBrewer, Yang et al. 2020, arXiv:2002.12620.
Idea     The label leads and the teacher's distribution keeps its shape: equally confident, equally
         spread, but correct.
Inputs   the teacher's logits, class indices; at least two classes.
Units    logits.
Differs  no deviation from the source.
"""

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.targets import Target


class Swap(Target):
    """Two logits of a row exchanged; correctly classified rows are unchanged."""

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The corrected logits."""
        place, top = labels.unsqueeze(1), logits.argmax(-1, keepdim=True)
        return logits.scatter(1, top, logits.gather(1, place)).scatter(
            1, place, logits.gather(1, top)
        )
