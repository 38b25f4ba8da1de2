"""Gains of recipes over their students alone, as rows and as a table."""

from collections.abc import Sequence

from autodistill.analysis.paired_gains import PairedGain, paired_gains
from autodistill.analysis.recipe_gains import recipe_name
from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.report.student_names import student_names
from autodistill.report.table import Column, Table
from autodistill.study.results import StudyResult

BETTER, WORSE, EITHER = "better", "worse", "not told from zero"
"""Findings on a gain."""


def gains_of(record: StudyResult, name: str) -> tuple[PairedGain, ...]:
    """By student, the largest gain first; empty before a student alone is complete."""
    if "gains" not in record.derived:
        record.derived["gains"] = _gains_of(record, name)
    found: tuple[PairedGain, ...] = record.derived["gains"]
    return found


def _gains_of(record: StudyResult, name: str) -> tuple[PairedGain, ...]:
    try:
        verdict = recommend(record, name)[1]
    except SpecError:
        return ()
    score = families.build("metrics", record.study.metric, {}).of_rows
    found = paired_gains(record, verdict, score)
    best: dict[str, float] = {}
    for gain in found:
        student = str(gain.recipe.pipeline.student)
        best[student] = max(gain.interval.value, best.get(student, gain.interval.value))

    def place(gain: PairedGain) -> tuple[float, str, float]:
        student = str(gain.recipe.pipeline.student)
        return -best[student], student, -gain.interval.value

    return tuple(sorted(found, key=place))


def gain_table(found: Sequence[PairedGain]) -> Table | None:
    """One row per recipe and student; None without any."""
    if not found:
        return None
    names = student_names(g.recipe.pipeline.student for g in found)
    columns = (
        Column("trial", align="right"),
        Column("student"),
        Column("recipe"),
        Column("gain", format="+.4f", align="right"),
        Column("95% interval"),
        Column("alone, trial", align="right"),
        Column("finding"),
    )
    rows = tuple(
        (
            g.recipe.numbers[0],
            names[str(g.recipe.pipeline.student)],
            recipe_name(g.recipe.pipeline),
            g.interval.value,
            f"{g.interval.low:+.4f} to {g.interval.high:+.4f}",
            g.baseline.numbers[0],
            look_of(g),
        )
        for g in found
    )
    marked = tuple(i for i, g in enumerate(found) if g.is_recommended)
    note = "alone, trial: the trial of the same student without a teacher that it is compared with."
    return Table("Gain of each recipe over its student alone", columns, rows, note, marked)


def look_of(gain: PairedGain) -> str:
    """BETTER or WORSE where the interval leaves out zero, else EITHER."""
    if not gain.is_shown:
        return EITHER
    return BETTER if gain.interval.low > 0 else WORSE
