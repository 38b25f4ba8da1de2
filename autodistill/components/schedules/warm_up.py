"""The teacher's part grows at first.

Source   Zhao et al. 2022 (DKD), arXiv:2203.08679, which warms its loss up over the first epochs.
Idea     A student that knows nothing yet is spared large gradients of losses on logits.
Inputs   a logit loss.
Units    factor of the logit and feature weights, 0 to 1.
Differs  in every step rather than once in an epoch; the hard loss has what the logit loss has not yet.
"""

from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real


class WarmUp(Schedule):
    """min(1, progress / share)."""

    needs = frozenset({"hard", "logit"})

    def __init__(self, *, share: Annotated[float, Real(0.05, 0.3)] = 0.1) -> None:
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The formula."""
        grown = min(1.0, progress / self.share)
        return Factors(logit=grown, feature=grown)
