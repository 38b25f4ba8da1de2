"""An audit of proxies: how well each orders a study's students, by their short trainings."""

from statistics import fmean

from autodistill.search.screening.agreement import Agreement, agreements
from autodistill.search.screening.entries import entries_of, values_of
from autodistill.study.results import StudyResult

ENOUGH = 12
"""Trained students needed for an audit."""


def scores_by_student(record: StudyResult) -> dict[str, list[float]]:
    """Scores of complete short trainings, by student, in the order of their seeds."""
    found: dict[str, list[float]] = {}
    for outcome in sorted(record.outcomes, key=lambda o: o.seed):
        if outcome.status == "complete" and outcome.score is not None and not outcome.baseline:
            found.setdefault(str(outcome.pipeline.student), []).append(outcome.score)
    return found


def audit(record: StudyResult) -> dict[str, Agreement]:
    """Agreement of every proxy with the study's own short trainings.

    Empty where fewer than `ENOUGH` students are trained.
    """
    scores = scores_by_student(record)
    trained = [e for e in entries_of(record) if str(e.student) in scores]
    if len(trained) < ENOUGH:
        return {}
    truth = [fmean(scores[str(e.student)]) for e in trained]
    return agreements(truth, [e.cost["params"] for e in trained], values_of(trained))
