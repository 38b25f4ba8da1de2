"""Every recipe of a study beside its teacher and its baselines, as a table of numbers."""

import math
from typing import Any

import pandas as pd

from autodistill.analysis.comparison import Comparison, Interval
from autodistill.analysis.verdict import Verdict
from autodistill.registry import families
from autodistill.study.results import StudyResult, TrialGroup

COLUMNS = (
    "kind",
    "baseline",
    "trial",
    "score",
    "low",
    "high",
    "seeds",
    "params",
    "size_bytes",
    "latency_ms",
    "recommended",
    "pipeline",
)
UNKNOWN = Interval(math.nan, math.nan, math.nan)


def leaderboard(record: StudyResult, verdict: Verdict | None) -> pd.DataFrame:
    """A row for the teacher, each baseline and each recipe with a complete run; the leaders of the answer come first among recipes.

    kind is teacher, baseline (which one: alone, vanilla or random) or recipe. low and high are the ends of the 95 % interval: of the leaders and
    of the baselines, whose numbers are compared with one another; a recipe that was run once and is no leader has none.
    """
    leaders = verdict.leaders if verdict else ()
    baselines = record.baselines()
    spans = {group.numbers: span for group, span in leaders} | _spans(record, verdict, baselines)
    others = [g for g in record.leaders() if g.numbers not in spans]
    chosen = verdict.recommended.numbers if verdict else ()
    rows = [_teacher(record)] if "teacher_score" in record.facts else []
    rows += [
        _row(g, spans.get(g.numbers, UNKNOWN), recommended=g.numbers == chosen)
        for g in (*baselines, *(group for group, _ in leaders), *others)
    ]
    whole = dict.fromkeys(("trial", "seeds", "params", "size_bytes"), "Int64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(whole)


def _spans(
    record: StudyResult, verdict: Verdict | None, baselines: list[TrialGroup]
) -> dict[tuple[int, ...], Interval]:
    """Intervals of the baselines, from the comparison that the verdict was formed by."""
    if verdict is None:
        return {}
    groups = [*(group for group, _ in verdict.leaders), *baselines]
    score = families.build("metrics", record.study.metric, {}).of_counts
    seen = Comparison(groups, score, record.selection)
    return {g.numbers: seen.interval(groups.index(g)) for g in baselines}


def _teacher(record: StudyResult) -> dict[str, Any]:
    return {
        "kind": "teacher",
        "baseline": "",
        "score": record.facts["teacher_score"],
        "recommended": False,
    }


def _row(group: TrialGroup, span: Interval, *, recommended: bool) -> dict[str, Any]:
    return {
        "kind": "baseline" if group.baseline else "recipe",
        "baseline": group.baseline,
        "trial": group.numbers[0],
        "score": group.mean,
        "low": span.low,
        "high": span.high,
        "seeds": len(group.scores),
        **{name: group.cost.get(name, math.nan) for name in ("params", "size_bytes", "latency_ms")},
        "recommended": recommended,
        "pipeline": str(group.pipeline),
    }
