"""The teacher is heard more softly the more personal a row is.

Source   Li et al. 2022 (Swing distillation), arXiv:2212.08349, the idea of a temperature by privacy; the formula is this project's own.
Idea     What a student repeats most surely is what it gives away: rows with names, numbers and addresses get softer answers.
Inputs   the teacher's logits, the share of personal words in each row.
Units    logits, divided by 1 + kappa times that share.
Differs  by row rather than by token; no noise; the loss keeps its own squared temperature, so that private rows do not weigh more.
"""

from typing import Annotated

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.targets import Target
from autodistill.registry.ranges import Real


class Swing(Target):
    """logits / (1 + kappa r)."""

    corrects = False
    for_privacy = True

    def __init__(self, *, kappa: Annotated[float, Real(0.0, 8.0)] = 2.0) -> None:
        self.kappa = kappa

    def temperatures(self, privacy: Float[Tensor, "batch"]) -> Float[Tensor, "batch"]:
        """By which a row is softened."""
        return 1 + self.kappa * privacy

    def revise(
        self,
        logits: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        privacy: Float[Tensor, "batch"] | None = None,
    ) -> Float[Tensor, "batch classes"]:
        """The formula; rows of which nothing is known stay."""
        return logits if privacy is None else logits / self.temperatures(privacy).unsqueeze(1)
