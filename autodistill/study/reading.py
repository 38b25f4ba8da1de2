"""Readings of a study's held-out test: every score that a student got on those rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reading:
    """One student scored on the held-out test rows of a study."""

    number: int
    """From 1, in the order of time."""
    recipe_key: str
    date: str
    """UTC, ISO 8601."""
    scores: Mapping[str, Any]
    """test_rows, student_test, student_test_interval, teacher_test."""
    recipes_before: int = 0
    """Different recipes that had been scored on these rows before."""

    @property
    def day(self) -> str:
        """The date without the time."""
        return self.date[:10]

    def __str__(self) -> str:
        """The words that stand beside its score."""
        return reading_name(self.number, self.recipes_before)


def reading_name(number: int, recipes_before: int) -> str:
    """The words for a reading; later ones say how much had been seen before."""
    if number == 1:
        return "reading 1 of the held-out test"
    recipes = f"{recipes_before} recipe{'s' if recipes_before != 1 else ''}"
    return f"reading {number} of the held-out test: after looking at {recipes}"


def in_order(entries: Sequence[Mapping[str, Any]]) -> tuple[Reading, ...]:
    """Readings from scores with `recipe_key` and `date`, the first one first."""
    found: list[Reading] = []
    for entry in entries:
        before = {reading.recipe_key for reading in found}
        scores = {k: v for k, v in entry.items() if k not in ("recipe_key", "date")}
        found.append(
            Reading(len(found) + 1, entry["recipe_key"], entry["date"], scores, len(before))
        )
    return tuple(found)
