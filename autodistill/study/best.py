"""The best of a study: one number, wherever it is shown."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Run(Protocol):
    """A run that has ended: a trial, or its row in the database."""

    @property
    def status(self) -> str: ...
    @property
    def score(self) -> float | None: ...
    @property
    def baseline(self) -> str: ...


Ended = TypeVar("Ended", bound=Run)


def complete_runs(outcomes: Iterable[Ended]) -> list[Ended]:
    """The runs that are results: one that was cut off is none, be it a repeat or a baseline."""
    return [o for o in outcomes if o.status == "complete" and o.score is not None]


def best_score(outcomes: Iterable[Run]) -> float | None:
    """The highest score of a single complete run of a recipe, repeats included; no baseline's.

    Optuna's best value in our dashboard is the same; means over seeds stand in the leaderboard.
    """
    scores = (o.score for o in complete_runs(outcomes) if not o.baseline)
    return max((score for score in scores if score is not None), default=None)
