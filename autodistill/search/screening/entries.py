"""Scored students as a study keeps them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodistill.study.pipeline import Part
from autodistill.study.results import StudyResult


@dataclass(frozen=True)
class Entry:
    """A student as stored by a study of students."""

    student: Part
    cost: Mapping[str, float]
    scores: Mapping[str, tuple[float, float]]
    """Mean and deviation over batches and starts, by proxy."""

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain data; a score that is NaN is left out."""
        kept = {n: list(v) for n, v in self.scores.items() if not math.isnan(v[0])}
        return {"student": self.student.to_dict(), "cost": dict(self.cost), "scores": kept}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Entry":
        """The entry from plain data."""
        return cls(
            Part.from_dict(data["student"]),
            data["cost"],
            {n: (v[0], v[1]) for n, v in data["scores"].items()},
        )


def entries_of(record: StudyResult) -> list[Entry]:
    """Students of a study of students, in the order in which they were scored.

    None in another study.
    """
    return [Entry.from_dict(e) for e in record.facts.students or ()]


def values_of(entries: Sequence[Entry]) -> dict[str, list[float]]:
    """By proxy, one value a student."""
    names = dict.fromkeys(n for e in entries for n in e.scores)
    return {n: [e.scores[n][0] if n in e.scores else math.nan for e in entries] for n in names}
