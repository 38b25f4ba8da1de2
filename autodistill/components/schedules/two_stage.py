"""Features first, then logits.

Source   Romero et al. 2015 (FitNets), arXiv:1412.6550: hint training before distillation.
Idea     Layers that already resemble the teacher's are a better start for its logits than weights
         that were merely cut out of it.
Inputs   a logit loss and a feature loss.
Units    multipliers 0 or 1.
Differs  one training with one learning-rate schedule instead of two.
"""

from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real


class TwoStage(Schedule):
    """Feature terms before `share` of the steps, hard and logit terms after it."""

    needs = frozenset({"logit", "feature"})

    def __init__(self, *, share: Annotated[float, Real(0.2, 0.6)] = 0.3) -> None:
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        first = float(progress < self.share)
        return Factors(logit=1.0 - first, hard=1.0 - first, feature=first)
