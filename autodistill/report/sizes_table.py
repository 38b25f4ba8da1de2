"""The table of sizes: the recommended student of each, and what distillation gained it."""

from autodistill.analysis.gain import Gain
from autodistill.analysis.sizes import Size, sizes
from autodistill.analysis.verdict import Verdict
from autodistill.registry import families
from autodistill.report.sentences import whose
from autodistill.report.table import Cell, Column, Table
from autodistill.study.results import StudyResult
from autodistill.study.sizes import SHARES

NAMES = {"small": "smallest", "medium": "balanced", "any": "best"}
"""Names of sizes for people."""
COLUMNS = (
    Column("size"),
    Column("trial", align="right"),
    Column("score", format=".4f", align="right"),
    Column("95% interval"),
    Column("gain of distillation"),
    Column("latency", "ms", ".2f", "right"),
    Column("params", "M", ".2f", "right"),
)


def sizes_table(record: StudyResult, verdict: Verdict) -> Table | None:
    """One row for each size; None where all students are of one size."""
    found = sizes(record, verdict, families.build("metrics", record.study.metric, {}).of_rows)
    if len(found) < 2:
        return None
    teacher = record.facts.teacher_params or 0
    rows = tuple(_cells(size, teacher) for size in found)
    best = verdict.recommended.numbers
    marked = tuple(i for i, s in enumerate(found) if s.verdict.recommended.numbers == best)
    owner = whose(record.study.teacher)
    columns = (*COLUMNS, Column(f"of {owner}", align="right"))
    return Table("Sizes: the recommended student of each", columns, rows, _note(owner), marked)


def _cells(size: Size, teacher: int) -> tuple[Cell, ...]:
    chosen, interval = size.verdict.recommended, size.verdict.score
    params = chosen.cost.get("params", 0.0)
    return (
        NAMES[size.name],
        chosen.numbers[0],
        chosen.mean,
        f"{interval.low:.4f} to {interval.high:.4f}",
        _gain(size.verdict.gain),
        chosen.cost.get("latency_ms"),
        params / 1e6,
        f"{params / teacher:.0%}" if params >= 0.01 * teacher else f"{params / teacher:.1%}",
    )


def _gain(gain: Gain | None) -> str:
    if gain is None:
        return "not known"
    seen = gain.interval
    return f"{seen.value:+.4f} ({seen.low:+.4f} to {seen.high:+.4f})"


def _note(owner: str) -> str:
    return (
        f"smallest: at most {SHARES['small']:.0%} of the {owner}'s parameters; balanced: at most "
        f"{SHARES['medium']:.0%}; best: any. The gain is over the same student without a teacher; "
        "where it is not shown, the row is that student. For the recipe of a smaller one: "
        "`autodistill recommend --study NAME --choose smallest --out FILE`, or --choose balanced."
    )
