"""Early stopping by where a run's learning curve leads, not by where it is.

Source   Domhan et al. 2015, IJCAI, predictive termination; that the metric is extrapolated and not
         the loss: Isik et al. 2024, arXiv:2402.04177 (they can part).
"""

import math

import optuna
from optuna.pruners import BasePruner
from optuna.trial import FrozenTrial, TrialState

from autodistill.search.learning_curve import extrapolated
from autodistill.training.judge import EARLY_ROWS, RUNGS

CHANCE = 0.05
"""A run stops where the best score is less likely than this to be reached."""
FEWEST = 3
"""Complete runs before any is stopped."""
LAST = RUNGS[-1]
"""Quarters of a run."""


def noise_of(rows: int | None) -> float:
    """Standard deviation of an early score with so many validation rows, nine in ten right."""
    return 0.3 / math.sqrt(min(rows or EARLY_ROWS, EARLY_ROWS))


class CurvePruner(BasePruner):
    """Stops a run whose score will hardly reach the best one of a complete run.

    `first_look`: quarters after which a run is first judged; `noise`: the standard deviation of a
    score.
    """

    def __init__(self, *, first_look: int, noise: float) -> None:
        self.first_look = first_look
        self.noise = noise

    def prune(self, study: optuna.Study, trial: FrozenTrial) -> bool:
        """Whether to stop the run now."""
        curve = sorted(trial.intermediate_values.items())
        if not curve or not self.first_look <= curve[-1][0] < LAST:
            return False
        if not all(math.isfinite(value) for _, value in curve):
            return True
        complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        scores = [t.value for t in complete if t.value is not None and math.isfinite(t.value)]
        if len(scores) < FEWEST:
            return False
        steps, values = zip(*curve)
        end = extrapolated(steps, values, LAST, noise=self.noise)
        return end.chance(max(scores)) < CHANCE
