"""Temperature scaling: a teacher as confident as it is accurate.

Source   Guo et al. 2017, arXiv:1706.04599, temperature scaling; the fit by correctness as in the
         correctness-aware loss of Liu et al. 2024, arXiv:2404.13016, at its simplest.
Idea     An overconfident teacher conveys little about the other classes: one temperature corrects
         that.
Inputs   the teacher's logits, class indices; at least two classes.
Units    logits, divided by the temperature.
Differs  fitted on the training rows themselves, never on the validation rows: a teacher that was
         fine-tuned on these rows looks more accurate there than it is elsewhere, so it is softened
         too little; no augmented views.
"""

from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.targets import Target
from autodistill.registry.ranges import OneOf

LOW, HIGH = 0.25, 10.0


class Calibrated(Target):
    """logits / T, with T fitted to the training rows.

    T maximises the likelihood, or minimises the squared gap between the top class's probability and
    its correctness.
    """

    corrects = False

    def __init__(
        self, *, fit: Annotated[str, OneOf("likelihood", "correctness")] = "likelihood"
    ) -> None:
        self.fit = fit
        self.temperature = 1.0

    def begin(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:
        """Fit the temperature."""
        right = (logits.argmax(-1) == labels).double()

        def error(log_temperature: float) -> float:
            scaled = logits.double() / np.exp(log_temperature)
            if self.fit == "likelihood":
                return float(F.cross_entropy(scaled, labels))
            return float((scaled.softmax(-1).max(-1).values - right).square().mean())

        with torch.no_grad():
            found = minimize_scalar(error, bounds=(np.log(LOW), np.log(HIGH)), method="bounded")
        self.temperature = float(np.exp(found.x))

    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """The logits divided by the temperature; `labels` are ignored."""
        return logits / self.temperature
