"""Seconds of a study by the purpose of its trials."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from autodistill.report.table import Column, Table
from autodistill.study.lengths import level_of
from autodistill.study.results import FAILED, StudyResult, Trial

KINDS = {
    "first": "recipes, first run",
    "longer": "the best again, longer",
    "repeat": "the best again, new seeds",
    "alone": "students alone, without a teacher",
    "vanilla": "plain distillation",
    "random": "shuffled teacher",
    "stopped": "stopped early",
    "failed": "failed",
}
"""Uses of a trial, in the order of a figure."""
TEACHER_PARTS = ("tuning_seconds", "recording_seconds", "words_seconds")
"""A plan's seconds for the teacher."""


@dataclass(frozen=True)
class Spent:
    """The trials of one kind and what they took."""

    kind: str
    """One of KINDS."""
    trials: int
    seconds: float
    """Seconds of all workers together."""


def spent_by_kind(record: StudyResult) -> tuple[Spent, ...]:
    """The seconds of all trials that ran; they add up to those of the whole study."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for trial in record.outcomes:
        took = _seconds(trial)
        if took is not None and trial.status != "rejected":
            seconds[_kind(trial, record)].append(took)
    return tuple(
        Spent(kind, len(seconds[kind]), sum(seconds[kind])) for kind in KINDS if kind in seconds
    )


def seconds_table(record: StudyResult) -> Table | None:
    """One row per kind, and their sum; None before a trial has ended."""
    found = spent_by_kind(record)
    if not found:
        return None
    whole = sum(each.seconds for each in found)
    columns = (
        Column("trials for"),
        Column("trials", format=",", align="right"),
        Column("seconds", format=",.1f", align="right"),
        Column("share", format=".1%", align="right"),
    )
    rows = [(KINDS[s.kind], s.trials, s.seconds, _share(s.seconds, whole)) for s in found]
    total = ("all", sum(each.trials for each in found), whole, 1.0)
    return Table("Seconds of the workers", columns, (*rows, total))


def seconds_remark(record: StudyResult) -> str:
    """The time by the clock, and what is not recorded."""
    whole = sum(each.seconds for each in spent_by_kind(record))
    told = []
    if record.spent_seconds:
        told.append(
            f"By the clock the search took {record.spent_seconds:,.1f} seconds; trials ran at the "
            f"same time, {whole / record.spent_seconds:.2g} of them on average."
        )
    unknown = sum(_seconds(o) is None and o.status != "rejected" for o in record.outcomes)
    if unknown:
        told.append(f"Trials without a recorded time: {unknown:,}.")
    told.append(f"Not recorded: tuning the teacher and its predictions{_estimate(record)}.")
    return " ".join(told)


def _estimate(record: StudyResult) -> str:
    plan: Mapping[str, object] = record.facts.plan or {}
    parts = [plan.get(name) for name in TEACHER_PARTS]
    known = [float(part) for part in parts if isinstance(part, int | float)]
    if not known:
        return ""
    return f" (estimated before the search: {sum(known):,.0f} seconds)"


def _seconds(trial: Trial) -> float | None:
    return trial.cost.get("seconds", trial.cost.get("train_seconds"))


def _kind(trial: Trial, record: StudyResult) -> str:
    if trial.status == "stopped":
        return "stopped"
    if trial.status in FAILED:
        return "failed"
    if trial.baseline:
        return trial.baseline
    if level_of(trial, record.facts):
        return "longer"
    return "repeat" if trial.seed else "first"


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
