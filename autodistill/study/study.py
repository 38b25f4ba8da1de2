"""A study: the question exactly as asked. Immutable once it has begun."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any, Self

from autodistill.errors import SpecError


@dataclass(frozen=True)
class Study:
    """What is to be distilled, from whom, over which space, judged how.

    Budgets are not part of the question: the same study may be given more time later.
    """

    dataset: str
    """A hub name, a path, or a name that `autodistill ls datasets` shows."""
    teacher: str = "embedded"
    space: str = "quick"
    metric: str = ""
    """Empty means: the task's own."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """`text`, `pair` and `label`: column names, where they cannot be guessed."""
    rows: int = 0
    """Use at most this many training rows; 0 means all."""
    max_length: int = 128
    """Texts are cut at this many tokens, for teacher and student alike."""
    labels: tuple[str, ...] = ()
    """Names of the teacher's outputs in order, where its own are wrong."""
    seed: int = 0
    limits: Mapping[str, float] = field(default_factory=dict)
    """The most that a student may have of params, size_bytes and latency_ms."""
    front: bool = False
    """Search the front of score, latency and size instead of the best score within the limits."""
    survey: bool = False
    """Pipelines at random, each run to its end, to tell what a stage changes; instead of a search for the best."""
    students: str = ""
    """auto: students are chosen first, the recipe search goes on with those that are left. each: only that choice, a short training of
    every student. Empty: students are a part of the recipe."""
    fingerprint: str = ""
    """Content hashes of task, teacher and space, with `-` between; filled in when they are known."""

    def __post_init__(self) -> None:
        """Raises SpecError for a question that contradicts itself."""
        if self.front and self.survey:
            raise SpecError(
                "--front searches the Pareto front, --random draws recipes at random: give one of them."
            )
        if self.students not in ("", "auto", "each"):
            raise SpecError(f"--students {self.students}: it is auto, each, or not given.")
        if self.students == "each" and (self.front or self.survey):
            raise SpecError(
                "--students each trains every student by one recipe: leave out --front and --random."
            )

    @property
    def name(self) -> str:
        """Readable, and different for every different question."""
        is_path = self.dataset[:1] in "/.~" or PurePath(self.dataset).suffix
        stem = re.sub(
            r"[^a-z0-9]+", "-", (PurePath(self.dataset).stem if is_path else self.dataset).lower()
        ).strip("-")[:40]
        return f"{stem}-{self.key[:8]}"

    @property
    def key(self) -> str:
        """Content hash of the question."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; `limits`, `front`, `survey` and `students` only where they are used, so that older studies keep their names."""
        later = {
            "limits": dict(self.limits),
            "front": self.front,
            "survey": self.survey,
            "students": self.students,
        }
        kept = {k: v for k, v in asdict(self).items() if k not in later}
        return {
            **kept,
            "columns": dict(self.columns),
            "labels": list(self.labels),
            **{k: v for k, v in later.items() if v},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From plain data."""
        return cls(**{**data, "labels": tuple(data.get("labels", ()))})


MEANINGS = (
    "the rows of the dataset are other ones.",
    "the teacher is another one. One that is tuned here differs between versions and kinds of processor: "
    "bring AUTODISTILL_HOME along from where the study was begun.",
    "the space has other members or ranges.",
)
"""That a part of the fingerprint differs."""


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What two questions, as plain data, do not agree on; a line each."""
    changed = {k: (before.get(k), now.get(k)) for k in {**before, **now}}
    parts = [str(mark).split("-") for mark in changed.pop("fingerprint", ())]
    known = [why for why, old, new in zip(MEANINGS, *parts) if old != new]
    return [
        *(
            f"{field}: was {old!r}, now {new!r}"
            for field, (old, new) in changed.items()
            if old != new
        ),
        *known,
    ]


CLOSING_SHARE = 0.25
"""Of a budget, spent on repeating the leaders and the student alone with fresh seeds."""


@dataclass(frozen=True)
class Budget:
    """Totals of a study, however often the command is run again."""

    trials: int | None = None
    seconds: float | None = None
    closing_share: float = CLOSING_SHARE

    def share(self, part: float) -> "Budget":
        """A part of it, in runs and in time."""
        trials = None if self.trials is None else max(1, round(part * self.trials))
        return Budget(
            trials, None if self.seconds is None else part * self.seconds, self.closing_share
        )

    def less(self, trials: int, seconds: float) -> "Budget":
        """What is left of it for something else after so many runs and so much time."""
        left = None if self.trials is None else max(1, self.trials - trials)
        return Budget(
            left,
            None if self.seconds is None else max(1.0, self.seconds - seconds),
            self.closing_share,
        )

    def spent(self, trials: int, seconds: float) -> float:
        """The larger share used so far: 0 at the start, 1 when nothing is left."""
        shares = [0.0]
        if self.trials is not None:
            shares.append(trials / max(self.trials, 1))
        if self.seconds is not None:
            shares.append(seconds / max(self.seconds, 1e-9))
        return max(shares)
