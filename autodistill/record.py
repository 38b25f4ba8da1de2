"""What came back from a study: one Outcome per run, all of them in a Record."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist, fmean, stdev
from typing import Any

from autodistill.pipeline import Pipeline
from autodistill.study import Study

FINISHED = frozenset({"complete", "stopped", "failed", "timeout"})
"""Statuses that count against a budget; a run lost with its process does not, it is put back."""


@dataclass(frozen=True)
class Outcome:
    """What happened in one run, once."""

    number: int
    """The trial's number in its study."""
    pipeline: Pipeline
    seed: int
    status: str
    """complete | stopped (hopeless, or the budget ended) | failed | timeout."""
    score: float | None = None
    """The study's metric on the selection rows, higher is better."""
    fidelity: Mapping[str, int] = field(default_factory=dict)
    """rows and epochs that the run really trained on."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    curve: tuple[tuple[int, float], ...] = ()
    """(epoch, score) pairs as reported."""
    cost: Mapping[str, float] = field(default_factory=dict)
    """train_seconds, params, size_bytes."""
    environment: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Leader:
    """All complete runs of one pipeline together."""

    pipeline: Pipeline
    scores: tuple[float, ...]
    """One per seed."""
    numbers: tuple[int, ...]
    cost: Mapping[str, float]
    row_errors: tuple[float, ...] = ()
    """Standard error of each score from the choice of selection rows (bootstrap)."""

    @property
    def mean(self) -> float:
        """Mean score over seeds."""
        return fmean(self.scores)

    def half_width(self, level: float = 0.95) -> float:
        """Half the interval of the mean: the choice of selection rows, plus the spread over seeds.

        With one seed the spread over seeds is unknown and left out, so the interval is too narrow.
        """
        rows = fmean(e * e for e in self.row_errors) if self.row_errors else 0.0
        seeds = stdev(self.scores) ** 2 / len(self.scores) if len(self.scores) > 1 else 0.0
        return NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(rows + seeds)


@dataclass(frozen=True)
class Record:
    """All outcomes of a study."""

    study: Study
    outcomes: tuple[Outcome, ...] = ()
    spent_seconds: float = 0.0
    """Wall seconds of searching so far, over all sittings."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Measured once per study: teacher's score, numbers of rows, classes, fidelity."""

    @property
    def finished(self) -> tuple[Outcome, ...]:
        """Outcomes that count against the budget."""
        return tuple(o for o in self.outcomes if o.status in FINISHED)

    def leaders(self) -> list[Leader]:
        """Pipelines with at least one complete run, best first.

        Sorted by mean score less its standard error over seeds, so that one lucky run does not lead
        pipelines that held up under fresh seeds. Equal ones: the smaller student, then fewer terms.
        """
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for o in self.outcomes:
            if o.status == "complete" and o.score is not None:
                groups[o.pipeline.key].append(o)
        found = [
            Leader(
                g[0].pipeline,
                tuple(o.score for o in g if o.score is not None),
                tuple(o.number for o in g),
                g[0].cost,
                tuple(o.metrics["row_error"] for o in g if "row_error" in o.metrics),
            )
            for g in groups.values()
        ]
        noise = _pooled_deviation(found)
        return sorted(found, key=lambda x: (-(x.mean - noise / math.sqrt(len(x.scores))), x.cost.get("params", 0), len(x.pipeline.terms)))


def _pooled_deviation(leaders: list[Leader]) -> float:
    """Standard deviation over seeds, pooled over the pipelines that have several; 0 when none has."""
    many = [x for x in leaders if len(x.scores) > 1]
    freedom = sum(len(x.scores) - 1 for x in many)
    return math.sqrt(sum(stdev(x.scores) ** 2 * (len(x.scores) - 1) for x in many) / freedom) if freedom else 0.0
