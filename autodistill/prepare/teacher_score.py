"""The score of a teacher on the validation rows, after checks of its answers to labelled rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autodistill.components.teachers import Found
from autodistill.datasets import Task
from autodistill.prepare.teacher_check import (
    ROWS_THAT_TELL,
    check_floor,
    check_scale,
    hardly_better,
)
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.results import as_bytes
from autodistill.training.signals import Signals


@dataclass(frozen=True)
class TeacherScore:
    """A teacher's score on the validation rows, and its predictions there."""

    value: float | None
    """The study's metric; None where its file lacks answers to some of these rows."""
    predictions: bytes
    """Class indices as written by `as_bytes`; empty where the value is None."""
    metric: str

    def __str__(self) -> str:
        if self.value is None:
            return "not scored"
        return f"{self.metric} {self.value:.4f} on the validation rows"


def score_teacher(
    task: Task,
    found: Found,
    order: tuple[int, ...],
    signals: Signals,
    known: NDArray[np.bool_] | None,
    screen: Screen,
    *,
    tuned_here: bool,
) -> TeacherScore:
    """The score; raises TeacherError for answers that are not those to these rows.

    `known` is whether each labelled row has an answer; None where all have. A file that lacks some
    validation rows is checked on all labelled rows that it has, if those are enough to tell.
    """
    begin = len(task.train)
    metric = families.build("metrics", task.metric, {})
    has = np.ones(len(task.known), dtype=bool) if known is None else known
    whole = bool(has[begin:].all())
    if not has.all():
        screen.line(f"          {_lacking(found.name, int(has.sum()), len(has), whole=whole)}")
    judged = np.flatnonzero(has)
    judged = judged[judged >= begin] if whole else judged
    logits, labels = np.asarray(signals.logits[judged]), task.known.labels[judged]
    value = float(metric(metric.decide(logits), labels)) if len(labels) else 0.0
    which = "validation" if whole else "labelled"
    if metric.ordinal and (whole or len(labels) >= ROWS_THAT_TELL):
        check_scale(value, found.name, which)
    elif whole or len(labels) >= ROWS_THAT_TELL:
        check_floor(
            logits,
            labels,
            task.label_names,
            order,
            found.name,
            tuned_here=tuned_here,
            from_file=found.labels_file is not None,
            which=which,
        )
        if weak := hardly_better(logits, labels, which):
            screen.line(f"warning   {weak}")
    if not whole:
        return TeacherScore(None, b"", task.metric)
    return TeacherScore(value, as_bytes(metric.decide(logits)), task.metric)


def _lacking(name: str, known: int, rows: int, *, whole: bool) -> str:
    told = f"{name} answers {known:,} of {rows:,} labelled rows; the others' labels stand in"
    if whole:
        return told
    return f"{told}, and what it is worth is not known: that takes answers to the validation rows"
