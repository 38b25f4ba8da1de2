"""Annealing-KD: the teacher's logits grow to full scale, then labels take over.

Source   Jafari et al. 2021 (Annealing-KD), arXiv:2104.07163.
Idea     Down-scaled logits are easy to regress; they grow with the student, and a final stage uses
         the labels alone.
Inputs   a squared loss on logits.
Units    multiplier of the teacher's logits, 1 / levels to 1; then multiplier 0 of the logit weight.
Differs  shares of the steps rather than epochs; the hard loss keeps its weight in the first stage.
"""

import math
from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real, Whole


class AnnealingKD(Schedule):
    """Scale 1 - (T - 1) / levels, then labels alone.

    T falls from `levels` to 1 over the first `share` of the steps.
    """

    needs = frozenset({"hard", "logit", "squares"})

    def __init__(
        self,
        *,
        levels: Annotated[int, Whole(4, 10)] = 7,
        share: Annotated[float, Real(0.5, 0.9)] = 0.7,
    ) -> None:
        self.levels = levels
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        if progress >= self.share:
            return Factors(logit=0.0, feature=0.0)
        temperature = self.levels - math.floor(progress / self.share * self.levels)
        return Factors(teacher=1 - (temperature - 1) / self.levels)
