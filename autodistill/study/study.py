"""A study: what to distil and how to judge it. Immutable once it has begun."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any, Self

from autodistill.errors import SpecError, choose_from

ONNX_INT8 = "onnx-int8"
TARGETS = ("torch", "onnx", ONNX_INT8)
"""Forms in which a student runs: its weights, or a file that `autodistill export` writes."""
NO_POOL = "none"
"""Name for no unlabelled rows at all."""
AGREEMENT = "agreement"
"""The metric of a dataset without labels."""
DEFAULT_SPACE = "sizes"
"""The search space where none is named."""
FOLDS = (2, 20)
"""Fewest and most folds of a teacher."""


def target_of(name: str) -> str:
    """A target as a study holds it: torch has no name; raises SpecError."""
    if name and name not in TARGETS:
        raise SpecError(choose_from("target", name, TARGETS, "--target"))
    return "" if name == TARGETS[0] else name


@dataclass(frozen=True)
class Study:
    """Definition of a study: dataset, teacher, search space and metric.

    Budgets are not part of it: the same study may be given more time later.
    """

    dataset: str
    """A hub name, a path, or a name that `autodistill ls datasets` shows."""
    teacher: str = "embedded"
    space: str = DEFAULT_SPACE
    metric: str = ""
    """Metric name; empty for the task's own."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column names for `text`, `pair` and `label`, where they cannot be inferred."""
    rows: int = 0
    """Use at most this many training rows; 0 means all."""
    max_length: int = 128
    """Texts are truncated to this many tokens, for teacher and student alike."""
    labels: tuple[str, ...] = ()
    """Names of the teacher's outputs in order, where its own are wrong."""
    seed: int = 0
    limits: Mapping[str, float] = field(default_factory=dict)
    """Upper limits for a student's params, size_bytes and latency_ms."""
    front: bool = False
    """Search the front of score, latency and size instead of the best score."""
    survey: bool = False
    """Random search: random pipelines, each run to its end.

    Meant to tell what a stage changes, not to find the best.
    """
    students: str = ""
    """Student selection: auto, each, or empty.

    auto: students are selected first, and the recipe search goes on with those that are left. each:
    only the selection, a short training of every student. Empty: the student is a part of the
    recipe.
    """
    teacher_folds: int = 0
    """Folds of a teacher that is tuned here: each answers the rows that it was not trained on.

    0: one teacher answers all rows, those that it was trained on, too.
    """
    fingerprint: str = ""
    """Content hashes of task, teacher and space, joined by `-`; set once known.

    That of a task with unlabelled rows is two, joined by a dot. Where networks are named as
    students, theirs follow, joined by dots in the order of the space.
    """
    unlabelled: str = ""
    """A file, folder or name of unlabelled rows that the teacher answers for the student.

    `none` leaves out those that the dataset or a file of soft labels has, too.
    """
    rest_unlabelled: bool = False
    """Use the training rows that `rows` leaves out without their labels."""
    privacy: bool = False
    """Measure what students leak of the rows that they were trained on, as one more objective."""
    stopping: str = ""
    """Early stopping by extrapolated learning curves: curve; by successive halving: empty."""
    target: str = ""
    """The form in which students are to run, one of TARGETS, for their latency and bytes.

    Empty for torch.
    """
    student: tuple[str, ...] = ()
    """Pre-trained networks, hub names or folders, that are students beside those of the space."""

    def __post_init__(self) -> None:
        """Raises SpecError for options that contradict each other."""
        if self.rest_unlabelled and not self.rows:
            raise SpecError(
                "--rest-unlabelled takes the training rows that --rows leaves out: give --rows N, "
                "the number of rows that keep their labels."
            )
        if self.rest_unlabelled and self.unlabelled == NO_POOL:
            raise SpecError(
                f"--rest-unlabelled asks for unlabelled rows and --unlabelled {NO_POOL} for no "
                "such rows: leave one of them out."
            )
        if self.front and self.survey:
            raise SpecError(
                "--front searches the Pareto front, --random draws recipes at random: give one of "
                "them."
            )
        if self.privacy and not self.front:
            raise SpecError(
                "--privacy adds what a student leaks to the objectives of --front: give --front, "
                "too."
            )
        if self.students not in ("", "auto", "each"):
            raise SpecError(f"--students is '{self.students}'; use auto or each, or leave it out.")
        if self.students == "each" and (self.front or self.survey):
            raise SpecError(
                "--students each trains every student by one recipe: leave out --front and "
                "--random."
            )
        if self.stopping not in ("", "curve"):
            raise SpecError(f"--stopping is '{self.stopping}'; use curve, or leave it out.")
        if self.stopping and (self.front or self.survey or self.students == "each"):
            raise SpecError(
                "--stopping curve judges one score: leave out --front, --random and "
                "--students each."
            )
        if self.teacher_folds and not FOLDS[0] <= self.teacher_folds <= FOLDS[1]:
            raise SpecError(
                f"--teacher-folds is {self.teacher_folds}; give {FOLDS[0]} to {FOLDS[1]}, or leave "
                "it out."
            )

    @property
    def name(self) -> str:
        """Readable name, unique to this definition."""
        is_path = self.dataset[:1] in "/.~" or PurePath(self.dataset).suffix
        stem = re.sub(
            r"[^a-z0-9]+", "-", (PurePath(self.dataset).stem if is_path else self.dataset).lower()
        ).strip("-")[:40]
        return f"{stem}-{self.key[:8]}"

    @property
    def key(self) -> str:
        """Content hash of the definition."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """The definition as plain data.

        Options that came later (`limits` and those beside it) appear only where they are used, so
        that older studies keep their names.
        """
        later = {
            "limits": dict(self.limits),
            "front": self.front,
            "survey": self.survey,
            "students": self.students,
            "unlabelled": self.unlabelled,
            "rest_unlabelled": self.rest_unlabelled,
            "teacher_folds": self.teacher_folds,
            "stopping": self.stopping,
            "privacy": self.privacy,
            "target": self.target,
            "student": list(self.student),
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
        """The study from plain data."""
        lists = ("labels", "student")
        return cls(**{**data, **{name: tuple(data.get(name, ())) for name in lists}})


def budget_text(seconds: float) -> str:
    """A time as --budget takes it, rounded up to whole minutes, or to ten seconds below two."""
    if seconds <= 120:
        return f"{10 * max(1, math.ceil(seconds / 10))}s"
    return f"{math.ceil(seconds / 60)}m"


CLOSING_SHARE = 0.25
"""Repeat fraction: share of a budget for fresh seeds of leaders and baseline."""


@dataclass(frozen=True)
class Budget:
    """Total budget of a study, however often the command is run again."""

    trials: int | None = None
    seconds: float | None = None
    closing_share: float = CLOSING_SHARE
    before: float = 0.0
    """Seconds that were taken off the total before: those of the students' selection."""

    def share(self, part: float) -> "Budget":
        """A fraction of the budget, in runs and in time."""
        trials = None if self.trials is None else max(1, round(part * self.trials))
        return Budget(
            trials, None if self.seconds is None else part * self.seconds, self.closing_share
        )

    def less(self, trials: int, seconds: float) -> "Budget":
        """The budget left after this many runs and this much time."""
        left = None if self.trials is None else max(1, self.trials - trials)
        return Budget(
            left,
            None if self.seconds is None else max(1.0, self.seconds - seconds),
            self.closing_share,
            self.before + seconds,
        )

    def spent(self, trials: int, seconds: float) -> float:
        """The larger fraction used so far: 0 at the start, 1 when nothing is left."""
        shares = [0.0]
        if self.trials is not None:
            shares.append(trials / max(self.trials, 1))
        if self.seconds is not None:
            shares.append(seconds / max(self.seconds, 1e-9))
        return max(shares)
