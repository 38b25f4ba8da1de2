"""The teacher's logits grow to their size, then the labels take over.

Source   Jafari et al. 2021 (Annealing-KD), arXiv:2104.07163.
Idea     Logits that are shrunk are easy to regress; they grow as the student does, and a last stage on the labels alone ends it.
Inputs   a squared loss on logits.
Units    factor of the teacher's logits, 1 / levels to 1; then factor 0 of the logit weight.
Differs  shares of the steps rather than epochs; the hard loss keeps its weight in the first stage.
"""

import math
from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real, Whole


class AnnealingKD(Schedule):
    """Phi = 1 - (T - 1) / levels for T from `levels` to 1 before the share of the steps, labels alone after it."""

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
        """The formula."""
        if progress >= self.share:
            return Factors(logit=0.0, feature=0.0)
        temperature = self.levels - math.floor(progress / self.share * self.levels)
        return Factors(teacher=1 - (temperature - 1) / self.levels)
