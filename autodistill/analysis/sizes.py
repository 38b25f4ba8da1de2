"""The recommended student of each size: at most a tenth of the teacher, at most 0.4, any."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autodistill.analysis.resampling import Score
from autodistill.analysis.verdict import Verdict, judge
from autodistill.study.lengths import size_of
from autodistill.study.results import StudyResult
from autodistill.study.sizes import ceilings


@dataclass(frozen=True)
class Size:
    """The verdict on the students of at most one size."""

    name: str
    """small | medium | any."""
    verdict: Verdict


def within(record: StudyResult, limits: Mapping[str, float]) -> StudyResult:
    """The study as if it held only students within these limits, by name of a cost.

    It has the runs of the length that the whole study compares: shorter ones would look worse.
    """
    if not limits:
        return record
    rows, epochs = size_of(record.compared, record.facts)
    kept = tuple(
        o
        for o in record.compared
        if all(o.cost.get(name, float("inf")) <= most for name, most in limits.items())
    )
    return replace(record, outcomes=kept, facts=record.facts.updated(rows=rows, epochs=epochs))


def sizes(record: StudyResult, verdict: Verdict, score: Score) -> tuple[Size, ...]:
    """The recommended student of each size, smallest first; `verdict` is that of the whole study.

    Without sizes in which no recipe is complete, and without those whose student is that of a
    smaller one. Empty where the study does not know its teacher's parameters.
    """
    if "sizes" not in record.derived:
        record.derived["sizes"] = _sizes(record, verdict, score)
    found: tuple[Size, ...] = record.derived["sizes"]
    return found


def _sizes(record: StudyResult, verdict: Verdict, score: Score) -> tuple[Size, ...]:
    parts = {name: within(record, {"params": most}) for name, most in ceilings(record.facts)}
    if not parts:
        return ()
    judged = {name: judge(part, score) for name, part in parts.items() if part.leaders()}
    found: list[Size] = []
    for name, each in (*judged.items(), ("any", verdict)):
        if all(each.recommended.numbers != s.verdict.recommended.numbers for s in found):
            found.append(Size(name, each))
    return tuple(found)
