"""Results of a study: one `Trial` per run, all of them in a `StudyResult`."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autodistill.study.best import best_score
from autodistill.study.deviation import pooled_deviation
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import at_level, compared_level
from autodistill.study.pipeline import Pipeline
from autodistill.study.reading import Reading
from autodistill.study.simple_baselines import SimpleBaseline
from autodistill.study.study import Study

FAILED = frozenset({"failed", "timeout", "crashed", "killed", "out_of_memory"})
"""Broken runs: exception, timeout, signal from inside or outside, no memory."""
FINISHED = FAILED | {"complete", "stopped"}
"""Statuses that count against a budget; runs queued again or over a limit have others."""
BASELINES = {
    "alone": "the student without a teacher",
    "vanilla": "KL at temperature 4, weight 0.5",
    "random": "the same from a teacher whose predictions belong to other rows",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of one run."""

    number: int
    """The trial's number in its study."""
    pipeline: Pipeline
    seed: int
    status: str
    """complete | stopped | rejected | one of FAILED.

    stopped: hopeless, or the budget ended; rejected: breaks a limit and is not trained.
    """
    score: float | None = None
    """The study's metric on the validation rows, higher is better."""
    fidelity: Mapping[str, int] = field(default_factory=dict)
    """Rows and epochs that the run was to train on."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    curve: tuple[tuple[int, float], ...] = ()
    """Reported (rung, score) pairs; a rung is a number of quarters of the training."""
    cost: Mapping[str, float] = field(default_factory=dict)
    """train_seconds, params, size_bytes, latency_ms."""
    environment: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    baseline: str = ""
    """Empty, or one of BASELINES."""
    predictions: bytes = field(default=b"", repr=False)
    """Predicted class of each validation row; see as_bytes."""


@dataclass(frozen=True)
class TrialResult:
    """The result that a trial which ended by itself sends back from its worker."""

    status: Literal["complete", "stopped"]
    score: float
    curve: tuple[tuple[int, float], ...]
    fidelity: Mapping[str, int]
    cost: Mapping[str, float]
    metrics: Mapping[str, float] = field(default_factory=dict)
    predictions: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        """A complete trial has predictions and metrics, a score is finite; raises ValueError."""
        if not math.isfinite(self.score):
            raise ValueError(f"the score of a trial is {self.score}, which is not a number")
        if self.status == "complete" and not (self.predictions and self.metrics):
            raise ValueError("a complete trial came back without its predictions or its metrics")


@dataclass(frozen=True)
class Selection:
    """The validation rows: class indices as written by as_bytes."""

    labels: bytes = field(repr=False)
    teacher: bytes = field(default=b"", repr=False)
    names: tuple[str, ...] = ()
    """Names of the classes; published studies leave them out."""


def as_bytes(classes: NDArray[Any]) -> bytes:
    """Class indices below 65,536 as two bytes each, low byte first."""
    return classes.astype("<u2").tobytes()


def as_classes(data: bytes, kind: type[np.integer[Any]] = np.int64) -> NDArray[Any]:
    """The inverse of as_bytes; as uint16 it takes no memory of its own."""
    return np.frombuffer(data, "<u2").astype(kind, copy=False)


@dataclass(frozen=True)
class TrialGroup:
    """All complete runs of one pipeline under one condition.

    A pipeline is repeated because its first run was among the best, so that run flatters it: where
    there are fresh seeds, only they count. Baselines were not selected, so all their runs count.
    """

    pipeline: Pipeline
    scores: tuple[float, ...]
    """Scores of the runs that count, one per seed."""
    numbers: tuple[int, ...]
    """Numbers of all runs."""
    cost: Mapping[str, float]
    row_errors: tuple[float, ...] = ()
    """Standard error of each score from the choice of validation rows (bootstrap)."""
    predictions: tuple[bytes, ...] = ()
    baseline: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Means over the runs that count, of the metrics that all of them have."""
    first: float = 0.0
    """Score of the first run, whether it counts or not."""

    @property
    def mean(self) -> float:
        """Mean score over seeds."""
        return fmean(self.scores)

    @property
    def is_repeated(self) -> bool:
        """Whether fresh seeds have been run."""
        return len(self.numbers) > 1


@dataclass(frozen=True)
class StudyResult:
    """All trials of a study."""

    study: Study
    outcomes: tuple[Trial, ...] = ()
    spent_seconds: float = 0.0
    """Wall-clock seconds of searching so far, over all sessions."""
    facts: StudyFacts = field(default_factory=StudyFacts)
    """Measured once per study: teacher's score, numbers of rows, classes, fidelity."""
    selection: Selection | None = None
    """None in studies begun before predictions were kept."""
    readings: tuple[Reading, ...] = ()
    """Scores on the held-out test rows so far; published studies have none."""

    @cached_property
    def derived(self) -> dict[str, Any]:
        """Results that others computed from it and would compute again, by names of theirs."""
        return {}

    @property
    def finished(self) -> tuple[Trial, ...]:
        """Trials that count against the budget."""
        return tuple(o for o in self.outcomes if o.status in FINISHED)

    @cached_property
    def level(self) -> int:
        """The length of the runs that are compared; see study.lengths."""
        return compared_level(self.outcomes, self.facts)

    @cached_property
    def compared(self) -> tuple[Trial, ...]:
        """Trials of the length that the answer compares."""
        return at_level(self.outcomes, self.facts, self.level)

    @cached_property
    def explored(self) -> tuple[Trial, ...]:
        """Trials of the shortest length: the recipes that were tried, by runs of one length."""
        return at_level(self.outcomes, self.facts, 0)

    @property
    def simple_baselines(self) -> tuple[SimpleBaseline, ...]:
        """Classifiers without a network on the same rows; none in studies that did not fit them."""
        return tuple(map(SimpleBaseline.from_dict, self.facts.simple_baselines or ()))

    @property
    def best(self) -> float | None:
        """The highest score of a complete run of a recipe, of any length; None without one."""
        return best_score(self.outcomes)

    def leaders(self) -> list[TrialGroup]:
        """Pipelines with at least one complete run, without baselines, best first."""
        return [group for group in self._in_order if not group.baseline]

    def baselines(self, kind: str = "") -> list[TrialGroup]:
        """Baselines with at least one complete run, best first."""
        return [g for g in self._in_order if g.baseline and kind in ("", g.baseline)]

    def usable_baselines(self) -> list[TrialGroup]:
        """The best baseline that can be recommended where no recipe is complete, or none.

        The student of a shuffled teacher is no student to recommend.
        """
        return [group for group in self.baselines() if group.baseline != "random"][:1]

    @cached_property
    def _in_order(self) -> list[TrialGroup]:
        """Groups by mean score less its standard error over seeds; ties: cheaper first.

        So one lucky run does not lead groups that held up under fresh seeds.
        """
        groups = self._arms()
        noise = pooled_deviation(a.scores for a in groups)
        return sorted(
            groups, key=lambda a: (-(a.mean - noise / math.sqrt(len(a.scores))), cheapness(a))
        )

    def _arms(self) -> list[TrialGroup]:
        groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
        for o in self.compared:
            if o.status == "complete" and o.score is not None:
                groups[o.pipeline.key, o.baseline].append(o)
        return [_arm(sorted(g, key=lambda o: o.seed)) for g in groups.values()]


def _arm(runs: list[Trial]) -> TrialGroup:
    first = runs[0]
    counted = runs if first.baseline or len(runs) == 1 else [o for o in runs if o.seed > 0] or runs
    return TrialGroup(
        first.pipeline,
        tuple(o.score for o in counted if o.score is not None),
        tuple(sorted(o.number for o in runs)),
        first.cost,
        tuple(o.metrics["row_error"] for o in counted if "row_error" in o.metrics),
        tuple(o.predictions for o in counted if o.predictions),
        first.baseline,
        {
            name: fmean(o.metrics[name] for o in counted)
            for name in first.metrics
            if all(name in o.metrics for o in counted)
        },
        first.score or 0.0,
    )


def cheapness(group: TrialGroup) -> tuple[float, float, int]:
    """Sort key: measured latency, then parameters, then number of terms."""
    cost = group.cost
    return cost.get("latency_ms", 0.0), cost.get("params", 0.0), len(group.pipeline.terms)
