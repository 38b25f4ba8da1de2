"""The leaderboard of a study as plain rows: teacher, recipes, baselines; and the Pareto front."""

from dataclasses import dataclass

import numpy as np

from autodistill.analysis.comparison import Interval
from autodistill.analysis.pareto import dominated
from autodistill.analysis.verdict import OverSimple, Verdict
from autodistill.study.results import StudyResult, TrialGroup


@dataclass(frozen=True)
class LeaderRow:
    """One line of a leaderboard; None where something was not measured."""

    kind: str
    """teacher | recipe | baseline."""
    trial: int | None
    """Number of the first trial; None for the teacher and for simple baselines."""
    score: float
    """Mean of the study's metric on the validation rows, over seeds."""
    low: float | None = None
    """Lower end of the 95 % confidence interval of the score."""
    high: float | None = None
    """Upper end of it."""
    seeds: int = 1
    """Runs that the score is the mean of."""
    latency_ms: float | None = None
    """For one row."""
    params: int | None = None
    size_bytes: int | None = None
    membership: float | None = None
    """Chance that a trained row has a smaller loss than another one; studies of privacy only."""
    pipeline: str = ""
    """Student, losses and optimizer as text; empty for the teacher."""
    baseline: str = ""
    """For baselines: alone | vanilla | random, or a kind of simple baseline."""
    mark: str = ""
    """recommended | tied (not distinguishable from the best) | empty."""


def leaderboard(record: StudyResult, verdict: Verdict) -> tuple[LeaderRow, ...]:
    """The teacher, every compared recipe, every baseline, the simple baselines; each best first.

    No teacher where its score is not known.
    """
    teacher, score = verdict.teacher, record.facts.teacher_score
    ends = (teacher.low, teacher.high) if teacher else (None, None)
    rows = [] if score is None else [LeaderRow("teacher", None, score, *ends)]
    rows += [_row(group, interval, verdict) for group, interval in verdict.leaders]
    rows += [_row(group, interval, verdict) for group, interval in verdict.baselines]
    rows += [_simple_row(over) for over in verdict.simple]
    return tuple(rows)


def pareto_front(record: StudyResult, verdict: Verdict) -> tuple[LeaderRow, ...]:
    """The students that no other one beats in score, latency and size at once, best score first.

    Recipes and students trained without a teacher; empty where all students have one shape. In a
    study of privacy, also by what they leak.
    """
    groups = [*record.leaders(), *record.baselines("alone")]
    if (
        not record.study.privacy
        and len({(g.cost.get("latency_ms"), g.cost.get("params")) for g in groups}) < 2
    ):
        return ()
    points = np.array(
        [
            (
                1 - g.mean,
                *(g.cost.get(name, 0.0) for name in ("latency_ms", "size_bytes")),
                g.metrics.get("membership", 0.5),
            )
            for g in groups
        ]
    )
    best = [group for group, is_beaten in zip(groups, dominated(points)) if not is_beaten]
    known = {group.numbers: interval for group, interval in (*verdict.leaders, *verdict.baselines)}
    return tuple(
        _row(group, known.get(group.numbers), verdict)
        for group in sorted(best, key=lambda group: -group.mean)
    )


def _row(group: TrialGroup, interval: Interval | None, verdict: Verdict) -> LeaderRow:
    cost = group.cost
    return LeaderRow(
        kind="baseline" if group.baseline else "recipe",
        trial=group.numbers[0],
        score=group.mean,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        seeds=len(group.scores),
        latency_ms=cost.get("latency_ms"),
        params=int(cost["params"]) if "params" in cost else None,
        size_bytes=int(cost["size_bytes"]) if "size_bytes" in cost else None,
        membership=group.metrics.get("membership"),
        pipeline=str(group.pipeline),
        baseline=group.baseline,
        mark=_mark(group, verdict),
    )


def _simple_row(over: OverSimple) -> LeaderRow:
    baseline, interval = over.baseline, over.interval
    return LeaderRow(
        "baseline",
        None,
        baseline.score,
        interval.low if interval else None,
        interval.high if interval else None,
        pipeline=f"{baseline.title}, fitted on {baseline.rows:,} rows",
        baseline=baseline.kind,
    )


def _mark(group: TrialGroup, verdict: Verdict) -> str:
    if group.numbers == verdict.recommended.numbers:
        return "recommended"
    return "tied" if group.numbers in verdict.tied else ""
