"""Teacher switched off before the end.

Source   Cho and Hariharan 2019 (ESKD), arXiv:1910.01348.
Idea     A small student cannot follow a strong teacher to the end: past some point the teacher only
         costs it accuracy on the labels.
Inputs   a logit loss.
Units    multiplier of the logit and feature weights, 1 and then 0.
Differs  a share of the steps rather than an epoch.
"""

from typing import Annotated

from autodistill.components.schedules import Factors, Schedule
from autodistill.registry.ranges import Real


class StopAt(Schedule):
    """1 before `share` of the steps, 0 after it."""

    needs = frozenset({"hard", "logit"})

    def __init__(self, *, share: Annotated[float, Real(0.3, 0.9)] = 0.7) -> None:
        self.share = share

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        stays = float(progress < self.share)
        return Factors(logit=stays, feature=stays)
