"""A study's answer among the students that keep limits."""

import math
from collections.abc import Mapping

from autodistill.analysis.sizes import within
from autodistill.errors import SpecError
from autodistill.prepare.quantities import over_limit
from autodistill.study.results import StudyResult


def within_limits(record: StudyResult, limits: Mapping[str, float], name: str) -> StudyResult:
    """The study with the students alone that keep these limits, by name of a cost.

    Raises SpecError where no complete run does.
    """
    part = within(record, limits)
    groups = [*record.leaders(), *record.usable_baselines()]
    if not groups or part.leaders() or part.usable_baselines():
        return part
    least = min(groups, key=lambda g: max(g.cost.get(k, math.inf) / m for k, m in limits.items()))
    said = ", ".join(
        over_limit(k, least.cost[k], m) for k, m in limits.items() if least.cost.get(k, 0.0) > m
    )
    raise SpecError(
        f"study '{name}' has no complete run of a student within --limit; the nearest is trial "
        f"{least.numbers[0]} ({said or 'its cost is not known'}). Raise --limit, or give it to a "
        "search."
    )
