"""The teacher's first class, as if nothing more were known.

Source   black-box distillation: a teacher that gives labels only.
Idea     What a student loses when its teacher tells no more than a label; a control for what soft answers are worth.
Inputs   the teacher's logits.
Units    logits: 30 at the first class, 0 elsewhere.
Differs  in nothing.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.targets import Target

SURE = 30.0


class HardLabel(Target):
    """One class of each row."""

    corrects = False

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The formula; of equal logits the first."""
        with torch.no_grad():
            return SURE * F.one_hot(logits.argmax(1), logits.shape[1]).to(logits)
