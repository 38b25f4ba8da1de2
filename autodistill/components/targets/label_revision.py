"""The teacher's probabilities blended with the label until the label leads.

Source   Lan et al. 2024, arXiv:2404.03693.
Idea     A wrong teacher misleads: each row is pulled towards its label by as much as the teacher's
         error requires, and its knowledge of the other classes is kept.
Inputs   the teacher's logits, class indices; at least two classes.
Units    logits: log-probabilities.
Differs  revised at temperature 1, before the loss's own temperature; with `scope` wrong, rows that
         the teacher classifies correctly stay unchanged.
"""

from typing import Annotated

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.targets import Target
from autodistill.registry.ranges import OneOf, Real


class LabelRevision(Target):
    """log(beta p + (1 - beta) label) with beta = eta / (max p - p_label + 1)."""

    def __init__(
        self,
        *,
        eta: Annotated[float, Real(0.5, 0.99)] = 0.8,
        scope: Annotated[str, OneOf("all", "wrong")] = "all",
    ) -> None:
        self.eta = eta
        self.scope = scope

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The corrected logits."""
        known, place = F.log_softmax(logits, dim=-1), labels.unsqueeze(1)
        own = known.gather(1, place)
        beta = self.eta / (known.max(-1, keepdim=True).values.exp() - own.exp() + 1)
        lifted = torch.logaddexp(beta.log() + own, torch.log1p(-beta))
        revised = (beta.log() + known).scatter(1, place, lifted)
        if self.scope == "all":
            return revised
        return torch.where(logits.argmax(-1, keepdim=True) == place, known, revised)
