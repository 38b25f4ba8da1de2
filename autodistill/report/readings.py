"""The readings of a study's held-out test: for the answer, and as a table of the page."""

from autodistill.report.sentences import metric_name
from autodistill.report.table import Column, Table
from autodistill.study.reading import Reading
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult


def readings_sentence(record: StudyResult, recipe: Recipe) -> str:
    """The recommended recipe's score on the held-out test, or whose was read; empty if none was."""
    if not record.readings:
        return ""
    own = own_reading(record, recipe)
    if own is None:
        last = record.readings[-1]
        return (
            f"Read on {last.day} for another recipe ({last}) and not for this one; "
            "`autodistill train` with --read-test-again reads it."
        )
    scores, interval = own.scores, interval_text(own)
    spread = f" (95% interval {interval})" if interval else ""
    return (
        f"This recipe's student scores {scores['student_test']:.4f} "
        f"{metric_name(record.study.metric)}{spread} on {scores['test_rows']:,} rows, read on "
        f"{own.day}; {own}."
    )


def own_reading(record: StudyResult, recipe: Recipe) -> Reading | None:
    """The last reading of this recipe's student; None if the held-out test was not read for it."""
    keys = (recipe.key, f"{recipe.key}-train", recipe.pipeline.key)
    own = [reading for reading in record.readings if reading.recipe_key in keys]
    return own[-1] if own else None


def readings_table(record: StudyResult) -> list[Table]:
    """Every reading with the student that it is of; none before the first."""
    if not record.readings:
        return []
    columns = (
        Column("reading", align="right"),
        Column("date"),
        Column("recipe"),
        Column("student", format=".4f", align="right"),
        Column("95% interval"),
        Column("teacher", format=".4f", align="right"),
        Column("rows", format=",", align="right"),
        Column("recipes looked at before", align="right"),
    )
    rows = tuple(
        (
            reading.number,
            reading.day,
            reading.recipe_key,
            reading.scores.get("student_test"),
            interval_text(reading),
            reading.scores.get("teacher_test"),
            reading.scores.get("test_rows"),
            reading.recipes_before,
        )
        for reading in record.readings
    )
    note = "A recipe that was chosen after the first reading may owe its later score to the choice."
    return [Table("Readings of the held-out test", columns, rows, note).without_empty_columns()]


def interval_text(reading: Reading) -> str:
    """The ends of the score's 95% interval; empty for readings of versions that had none."""
    ends = reading.scores.get("student_test_interval")
    return f"{ends[0]:.4f} to {ends[1]:.4f}" if ends else ""
