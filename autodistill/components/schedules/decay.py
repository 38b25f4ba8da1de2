"""Teacher weight that decays to zero.

Source   Yang et al. 2023 (DWPose), arXiv:2307.15880.
Idea     The teacher leads at first, the labels have the last word.
Inputs   a logit loss.
Units    multiplier of the logit and feature weights, 1 to 0.
Differs  in every step rather than once per epoch; the hard loss gains the weight that the logit
         loss loses.
"""

from autodistill.components.schedules import Factors, Schedule


class Decay(Schedule):
    """Multiplier 1 - progress."""

    needs = frozenset({"hard", "logit"})

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        return Factors(logit=1.0 - progress, feature=1.0 - progress)
