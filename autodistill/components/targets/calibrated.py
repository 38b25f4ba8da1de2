"""A teacher that is as sure as it is right.

Source   Guo et al. 2017, arXiv:1706.04599, temperature scaling; the fit by correctness as in the correctness-aware loss of Liu et al. 2024,
         arXiv:2404.13016, at its simplest.
Idea     An overconfident teacher tells its student little about the other classes: one temperature takes that back.
Inputs   the teacher's logits, labels as classes; two classes or more.
Units    logits, divided by the temperature.
Differs  fitted on the training rows themselves, never on the selection rows: a teacher that was tuned on these rows looks more right there
         than it is elsewhere, so that it is softened too little; no augmented views.
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
    """logits / T; T of the best likelihood, or of the least squared gap between the first class's probability and whether it is right."""

    corrects = False

    def __init__(
        self, *, fit: Annotated[str, OneOf("likelihood", "correctness")] = "likelihood"
    ) -> None:
        self.fit = fit
        self.temperature = 1.0

    def begin(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:
        """Find the temperature."""
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
        """The formula; the labels are not looked at."""
        return logits / self.temperature
