"""The teacher's predicted class only, as if nothing more were known.

Source   black-box distillation: a teacher that provides labels only.
Idea     Shows what a student loses when its teacher provides only a label; a baseline for the value
         of soft targets.
Inputs   the teacher's logits.
Units    logits: 30 for the predicted class, 0 elsewhere.
Differs  no deviation from the source.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.targets import Target

SURE = 30.0


class HardLabel(Target):
    """Near one-hot logits at the teacher's predicted class."""

    corrects = False

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The one-hot logits; ties go to the first class."""
        with torch.no_grad():
            return SURE * F.one_hot(logits.argmax(1), logits.shape[1]).to(logits)
