"""A study's answer among the students that keep limits, are of a size, or are of one trial."""

import math
from collections.abc import Mapping
from dataclasses import replace

from autodistill.analysis.sizes import within
from autodistill.errors import SpecError
from autodistill.prepare.quantities import over_limit
from autodistill.report.sizes_table import NAMES
from autodistill.study.results import StudyResult
from autodistill.study.sizes import ceilings


def size_limits(record: StudyResult, choice: str, name: str) -> dict[str, float]:
    """The most parameters of a student of this size; nothing where any will do.

    Raises SpecError for a study whose teacher's size is not known.
    """
    size = {shown: known for known, shown in NAMES.items()}[choice]
    if size == "any":
        return {}
    found = dict(ceilings(record.facts))
    if size not in found:
        raise SpecError(
            f"study '{name}' does not know how large its teacher is, so --choose {choice} has no "
            "meaning; give the most that a student may have, such as --limit params=5M."
        )
    return {"params": found[size]}


def of_trial(record: StudyResult, number: int, name: str) -> StudyResult:
    """The study with the complete runs of one trial's recipe alone; raises SpecError."""
    groups = [g for g in (*record.leaders(), *record.baselines()) if number in g.numbers]
    known = {o.number: o for o in record.outcomes}
    if not groups and number in known:
        raise SpecError(
            f"trial {number} of study '{name}' is {known[number].status}: it has no complete run "
            "of the length that is compared. Name one of the table of `autodistill report`."
        )
    if not groups:
        raise SpecError(
            f"study '{name}' has no trial {number}; it has {len(known)}, numbered from "
            f"{min(known, default=0)} to {max(known, default=0)}."
        )
    (group,) = groups
    if group.baseline == "random":
        raise SpecError(
            f"trial {number} of study '{name}' learned from a shuffled teacher: it is a baseline "
            "to compare with, not a student to train. Name another one."
        )
    part = within(record, {"params": math.inf})
    kept = tuple(o for o in part.outcomes if o.number in group.numbers)
    return replace(part, outcomes=kept)


def within_limits(
    record: StudyResult, limits: Mapping[str, float], name: str, option: str = "--limit"
) -> StudyResult:
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
        f"study '{name}' has no complete run of a student within {option}; the nearest is trial "
        f"{least.numbers[0]} ({said or 'its cost is not known'}). Raise the limit, or give "
        "--limit to a search."
    )
