"""Objective of a study: the score, or the front of score, latency and size."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import optuna
from optuna.pruners import BasePruner, NopPruner, SuccessiveHalvingPruner
from optuna.trial import TrialState

from autodistill.search.pareto_halving import ParetoHalving
from autodistill.study.results import Trial
from autodistill.training.membership import LEAK

REDUCTION = 2
NO_LEAK = 0.5
"""The membership of a run that was not measured."""
Direction = Literal["minimize", "maximize"]


class Objective(ABC):
    """Directions for Optuna, early stopping, and values to report for an ended run."""

    directions: list[Direction]
    pruner: BasePruner

    @abstractmethod
    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Whether a run with this score at this rung should stop."""

    @abstractmethod
    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """The state and the values to report to Optuna."""


class Score(Objective):
    """The score alone, with asynchronous successive halving at the rungs.

    Li et al. 2020, arXiv:1810.05934. Another `pruner` may take its place.
    """

    directions: list[Direction]

    def __init__(self, first_look: int = 1, pruner: BasePruner | None = None) -> None:
        self.directions = ["maximize"]
        self.pruner = pruner or SuccessiveHalvingPruner(
            min_resource=first_look, reduction_factor=REDUCTION, min_early_stopping_rate=0
        )

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Whether it is not in the better half of all runs that came this far.

        Or what its own pruner says.
        """
        trial.report(value, step)
        return trial.should_prune()

    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """The score of a complete run; a stopped one is represented by its curve."""
        return state, [
            outcome.score
        ] if state is TrialState.COMPLETE and outcome.score is not None else None


class Survey(Score):
    """Random search: the score of random pipelines, none of them stopped.

    So the complete ones are an unbiased sample.
    """

    def __init__(self) -> None:
        super().__init__(pruner=NopPruner())

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Always False."""
        return False


class Front(Objective):
    """Score, latency and size at once; with `privacy`, what the student leaks, too.

    Optuna stops no run of several objectives early, so we do, and report the values that the run
    had reached.
    """

    directions: list[Direction]

    def __init__(
        self, outcomes: Iterable[Trial], first_look: int = 1, *, privacy: bool = False
    ) -> None:
        self.pruner = NopPruner()
        self.privacy = privacy
        self.directions = ["maximize", "minimize", "minimize"]
        if privacy:
            self.directions.append("minimize")
        self.first_look = first_look
        self.halving = ParetoHalving(REDUCTION)
        judged = (o for o in outcomes if o.cost and not o.baseline and not o.seed)
        self.halving.restore(
            (o.number, step, _vector(value, o.cost))
            for o in judged
            for step, value in o.curve
            if step >= first_look
        )

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Whether it is behind the front of all runs that came this far."""
        if step < self.first_look:
            return False
        return self.halving.report(trial.number, step, _vector(value, cost))

    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """The values of a run; an early-stopped one has those of its last rung."""
        if outcome.status == "stopped" and (outcome.seed or outcome.baseline):
            return TrialState.PRUNED, None  # cut off by the clock: no result
        if outcome.status in ("complete", "stopped") and outcome.score is not None:
            leaks = [outcome.metrics.get(LEAK, NO_LEAK)] if self.privacy else []
            return TrialState.COMPLETE, [outcome.score, *_vector(0.0, outcome.cost)[1:], *leaks]
        return state, None


def _vector(score: float, cost: Mapping[str, float]) -> tuple[float, float, float]:
    """Values to minimise: 1 - score, milliseconds, bytes."""
    return 1.0 - score, cost.get("latency_ms", 0.0), cost.get("size_bytes", 0.0)
