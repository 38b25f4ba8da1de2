"""Teacher weight that grows at the start.

Source   Zhao et al. 2022 (DKD), arXiv:2203.08679, which warms its loss up over the first epochs.
Idea     An untrained student is spared the large gradients of losses on logits.
Inputs   a logit loss.
Units    multiplier of the logit and feature weights, 0 to 1.
Differs  in every step rather than once per epoch; the hard loss has the weight that the logit loss
         does not have yet.
"""

from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real


class WarmUp(Schedule):
    """Multiplier min(1, progress / share)."""

    needs = frozenset({"hard", "logit"})

    def __init__(self, *, share: Annotated[float, Real(0.05, 0.3)] = 0.1) -> None:
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        grown = min(1.0, progress / self.share)
        return Factors(logit=grown, feature=grown)
