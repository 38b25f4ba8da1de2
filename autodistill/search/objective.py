"""What a study makes large: the score, or the front of score, latency and size."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal

import optuna
from optuna.pruners import BasePruner, NopPruner, SuccessiveHalvingPruner
from optuna.trial import TrialState

from autodistill.search.pareto_halving import ParetoHalving
from autodistill.study.results import Trial

REDUCTION = 2
Direction = Literal["minimize", "maximize"]


class Objective(ABC):
    """Directions for Optuna, early stopping, and what an ended run is told as."""

    directions: ClassVar[list[Direction]]
    pruner: BasePruner

    @abstractmethod
    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Whether a run that shows this score at this rung should stop."""

    @abstractmethod
    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """The state and the values to tell Optuna."""


class Score(Objective):
    """The score alone; asynchronous successive halving (Li et al. 2020, arXiv:1810.05934) at the rungs."""

    directions: ClassVar[list[Direction]] = ["maximize"]

    def __init__(self) -> None:
        self.pruner = SuccessiveHalvingPruner(
            min_resource=1, reduction_factor=REDUCTION, min_early_stopping_rate=0
        )

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Not among the better half of all that came this far."""
        trial.report(value, step)
        return trial.should_prune()

    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """A complete run has its score; a stopped one is told by its curve."""
        return state, [
            outcome.score
        ] if state is TrialState.COMPLETE and outcome.score is not None else None


class Survey(Score):
    """The score of pipelines drawn at random; none is stopped, so that those that are complete are a fair sample."""

    def __init__(self) -> None:
        self.pruner = NopPruner()

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Never."""
        return False


class Front(Objective):
    """Score, latency and size at once. Optuna stops no run of several objectives early, so we do, and tell what the run had reached."""

    directions: ClassVar[list[Direction]] = ["maximize", "minimize", "minimize"]

    def __init__(self, outcomes: Iterable[Trial]) -> None:
        self.pruner = NopPruner()
        self.halving = ParetoHalving(REDUCTION)
        judged = (o for o in outcomes if o.cost and not o.baseline and not o.seed)
        self.halving.restore(
            (o.number, step, _vector(value, o.cost)) for o in judged for step, value in o.curve
        )

    def is_hopeless(
        self, trial: optuna.Trial, step: int, value: float, cost: Mapping[str, float]
    ) -> bool:
        """Behind the front of all that came this far."""
        return self.halving.report(trial.number, step, _vector(value, cost))

    def ending(
        self, outcome: Trial, state: TrialState
    ) -> tuple[TrialState, Sequence[float] | None]:
        """An early-stopped student is a student too: its own values, as of where it stopped."""
        if outcome.status in ("complete", "stopped") and outcome.score is not None:
            return TrialState.COMPLETE, [outcome.score, *_vector(0.0, outcome.cost)[1:]]
        return state, None


def _vector(score: float, cost: Mapping[str, float]) -> tuple[float, float, float]:
    """Small is good: what is missing of a perfect score, milliseconds, bytes."""
    return 1.0 - score, cost.get("latency_ms", 0.0), cost.get("size_bytes", 0.0)
