"""Teacher temperatures that rise with the share of personal words in a row.

Source   Li et al. 2022 (Swing distillation), arXiv:2212.08349, the idea of a temperature by
         privacy; the formula is this project's own.
Idea     A student leaks what it repeats most confidently: rows with names, numbers and addresses
         get softer targets.
Inputs   the teacher's logits, the share of personal words in each row.
Units    logits, divided by 1 + kappa times that share.
Differs  per row rather than per token; no noise; the loss keeps its own T² factor, so that private
         rows do not weigh more.
"""

from typing import Annotated

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.targets import Target
from autodistill.registry.ranges import Real


class Swing(Target):
    """logits / (1 + kappa r), with r the share of personal words."""

    corrects = False
    for_privacy = True

    def __init__(self, *, kappa: Annotated[float, Real(0.0, 8.0)] = 2.0) -> None:
        self.kappa = kappa

    def temperatures(self, privacy: Float[Tensor, "batch"]) -> Float[Tensor, "batch"]:
        """The temperature of each row."""
        return 1 + self.kappa * privacy

    def revise(
        self,
        logits: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        privacy: Float[Tensor, "batch"] | None = None,
    ) -> Float[Tensor, "batch classes"]:
        """The softened logits; unchanged without privacy shares."""
        return logits if privacy is None else logits / self.temperatures(privacy).unsqueeze(1)
