"""The budget that would do for a study whose budget was too small."""

from autodistill.study.results import BASELINES, StudyResult
from autodistill.study.study import budget_text

MARGIN = 1.5
"""Runs may take longer than those that are known."""
UNKNOWN_SECONDS = 60.0
"""A run's time where none is known."""
STUDENT_ALONE = ("", "alone")
"""The runs that say whether distillation helps: a recipe, and the student without a teacher."""


def missing_runs(record: StudyResult) -> list[str]:
    """The kind of baseline that an answer needs and the study lacks; "" for a recipe."""
    there = {o.baseline for o in record.outcomes if o.status == "complete" and o.score is not None}
    return [kind for kind in STUDENT_ALONE if kind not in there]


def enough(record: StudyResult, before: float = 0.0) -> str:
    """A total for --budget in which a recipe and its baselines end; they run one by one.

    `before` are seconds of the same budget that the record does not know of.
    """
    here = record.facts.device
    known = [
        o.cost["seconds"]
        for o in record.outcomes
        if "seconds" in o.cost and o.environment.get("device") == here
    ]
    longest = max([record.facts.trial_seconds or UNKNOWN_SECONDS, *known])
    return budget_text(before + record.spent_seconds + MARGIN * (1 + len(BASELINES)) * longest)


def advice(record: StudyResult, before: float = 0.0) -> str:
    """Sentences for what a study lacks and the budget that would do; empty: it lacks nothing."""
    missing = missing_runs(record)
    if not missing:
        return ""
    what = "no recipe" if "" in missing else "no student without a teacher"
    return (
        f"{what} is complete yet, so it is not known whether distillation helps: run the same "
        f"search again with --budget {enough(record, before)} (a total) and without --trials"
    )
