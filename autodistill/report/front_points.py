"""Points of the front: each recipe and each student alone, by score, latency and size."""

from dataclasses import dataclass

from autodistill.analysis.leaderboard import LeaderRow, leaderboard
from autodistill.analysis.recommendation import recommend
from autodistill.analysis.sizes import sizes
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.report.sizes_table import NAMES
from autodistill.report.table import Column, Table
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult, TrialGroup

SHOWN = 60
"""Points in a table."""


@dataclass(frozen=True)
class FrontPoint:
    """A student in the figure."""

    trial: int
    look: str
    """recommended | tied | recipe | alone."""
    score: float
    low: float | None
    high: float | None
    """Ends of the 95% interval; None for students that the answer does not compare."""
    latency_ms: float | None
    size_bytes: float | None
    params: float | None
    size_name: str
    """smallest | balanced | best where it is the recommended student of that size, else empty."""
    pipeline: Pipeline


def front_points(record: StudyResult, name: str) -> tuple[FrontPoint, ...]:
    """Recipes, best first, then students alone; empty before a run is complete."""
    if "front_points" not in record.derived:
        record.derived["front_points"] = _front_points(record, name)
    found: tuple[FrontPoint, ...] = record.derived["front_points"]
    return found


def _front_points(record: StudyResult, name: str) -> tuple[FrontPoint, ...]:
    try:
        verdict = recommend(record, name)[1]
    except SpecError:
        return ()
    rows = {row.trial: row for row in leaderboard(record, verdict) if row.trial is not None}
    metric = families.build("metrics", record.study.metric, {}).of_rows
    found = sizes(record, verdict, metric)
    named = {size.verdict.recommended.numbers[0]: NAMES[size.name] for size in found}
    if len(found) < 2:
        named = {}
    groups = (*record.leaders(), *record.baselines("alone"))
    return tuple(_point(g, rows.get(g.numbers[0]), named.get(g.numbers[0], "")) for g in groups)


def front_table(points: tuple[FrontPoint, ...]) -> Table:
    """The points as rows, highest score first; the named and the compared ones are all there."""
    ordered = sorted(points, key=lambda p: -p.score)
    kept = [p for i, p in enumerate(ordered) if i < SHOWN or p.size_name or p.look == "recommended"]
    columns = (
        Column("trial", align="right"),
        Column("score", format=".4f", align="right"),
        Column("95% interval"),
        Column("latency", "ms", ".3g", "right"),
        Column("size", "MB", ".3g", "right"),
        Column("what"),
        Column("size class"),
    )
    rows = tuple(
        (
            p.trial,
            p.score,
            None if p.low is None or p.high is None else f"{p.low:.4f} to {p.high:.4f}",
            p.latency_ms,
            None if p.size_bytes is None else p.size_bytes / 1e6,
            SAID[p.look],
            p.size_name,
        )
        for p in kept
    )
    marked = tuple(i for i, p in enumerate(kept) if p.look == "recommended")
    note = f"The best {len(kept):,} of {len(points):,}." if len(kept) < len(points) else ""
    table = Table("Score, latency and size of each student", columns, rows, note, marked)
    return table.without_empty_columns()


SAID = {
    "recommended": "recommended",
    "tied": "tied with the best",
    "recipe": "other recipe",
    "alone": "student alone, without a teacher",
}
"""Each look in a legend."""


def _point(group: TrialGroup, row: LeaderRow | None, size_name: str) -> FrontPoint:
    mark = row.mark if row else ""
    look = mark or ("alone" if group.baseline else "recipe")
    return FrontPoint(
        group.numbers[0],
        look,
        group.mean,
        row.low if row else None,
        row.high if row else None,
        group.cost.get("latency_ms"),
        group.cost.get("size_bytes"),
        group.cost.get("params"),
        size_name,
        group.pipeline,
    )
