"""Sizes of students that a study compares: shares of its teacher's parameters."""

from autodistill.study.facts import StudyFacts

SHARES = {"small": 0.1, "medium": 0.4}
"""Parameters of a student at most, as a share of the teacher's."""


def ceilings(facts: StudyFacts) -> list[tuple[str, float]]:
    """Name and most parameters of each size below the largest, smallest first.

    Empty where the teacher's parameters are not known.
    """
    if not facts.teacher_params:
        return []
    return [(name, share * facts.teacher_params) for name, share in SHARES.items()]
