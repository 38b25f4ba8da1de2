"""The teacher leaves early.

Source   Cho and Hariharan 2019 (ESKD), arXiv:1910.01348.
Idea     A small student cannot follow a strong teacher to the end: past some point it only loses accuracy to the labels.
Inputs   a logit loss.
Units    factor of the logit and feature weights, 1 and then 0.
Differs  a share of the steps rather than an epoch.
"""

from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real


class StopAt(Schedule):
    """1 before the share of the steps, 0 after it."""

    needs = frozenset({"hard", "logit"})

    def __init__(self, *, share: Annotated[float, Real(0.3, 0.9)] = 0.7) -> None:
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The formula."""
        stays = float(progress < self.share)
        return Factors(logit=stays, feature=stays)
