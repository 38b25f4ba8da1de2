"""The list of a study's runs: rows, filtered, sorted and in pages."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodistill.prepare.quantities import cost_text
from autodistill.report.answer import BASELINES
from autodistill.search.running import RunningTrial
from autodistill.search.trial_lines import kind_of
from autodistill.study.lengths import level_of
from autodistill.study.pipeline import SHOWN, Pipeline
from autodistill.study.results import StudyResult, Trial

PER_PAGE = 100
Curve = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class RunRow:
    """A run in the list."""

    trial: int
    student: str
    recipe: str
    """The losses and stages by name."""
    kind: str
    """Empty for a recipe's first run; else repeat, longer, or a baseline."""
    state: str
    reason: str = ""
    """Why it has no result; empty where it has one, or may get one."""
    score: float | None = None
    curve: Curve = ()
    seconds: float | None = None
    words: str = ""
    """All there is to find it by, in small letters."""

    @property
    def is_result(self) -> bool:
        """Whether its score is one to compare, or may become one."""
        return self.state in ("complete", "running")


@dataclass(frozen=True)
class Asked:
    """The part of the list that is wanted."""

    words: str = ""
    """Words that a row has to hold, all of them."""
    sort: str = "trial"
    down: bool = True
    page: int = 1


@dataclass(frozen=True)
class Shown:
    """A page of the list."""

    rows: tuple[RunRow, ...]
    found: int
    """Rows on all pages."""
    page: int
    pages: int


SORTED: Mapping[str, Callable[[RunRow], Any]] = {
    "trial": lambda row: row.trial,
    "student": lambda row: row.student,
    "recipe": lambda row: row.recipe,
    "state": lambda row: (row.state, row.kind),
    "score": lambda row: row.score,
    "seconds": lambda row: row.seconds,
}
"""Sort keys of the list, by the name of the column."""


def run_rows(
    record: StudyResult, running: Sequence[RunningTrial], known: dict[int, RunRow]
) -> list[RunRow]:
    """All runs of a study, those that are under way, too; `known` keeps rows for the next time."""
    ended = {trial.number for trial in record.outcomes}
    for trial in record.outcomes:
        if trial.number not in known:
            known[trial.number] = _ended(trial, record)
    under_way = [_running(trial) for trial in running if trial.number not in ended]
    return [*known.values(), *under_way]


def select(rows: Sequence[RunRow], asked: Asked) -> Shown:
    """The rows that were asked for; those without a value come last."""
    wanted = asked.words.lower().split()
    found = [row for row in rows if all(word in row.words for word in wanted)]
    key = SORTED[asked.sort]
    valued = [row for row in found if key(row) is not None]
    valued.sort(key=lambda row: (key(row), row.trial), reverse=asked.down)
    found = valued + [row for row in found if key(row) is None]
    pages = max(1, math.ceil(len(found) / PER_PAGE))
    page = min(max(1, asked.page), pages)
    return Shown(tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE]), len(found), page, pages)


def counts(rows: Sequence[RunRow]) -> dict[str, int]:
    """How many runs are in each state."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.state] = found.get(row.state, 0) + 1
    return dict(sorted(found.items()))


def recipe_words(pipeline: Pipeline) -> str:
    """The losses with their weights and the stages, without knobs."""
    terms = " + ".join(f"{term.weight:.2g} {term.loss.name}" for term in pipeline.terms)
    stages = (f"{SHOWN.get(slot, slot)} {part.name}" for slot, part in pipeline.stages.items())
    return ", ".join((terms, *stages))


def without_knobs(recipe: str) -> str:
    """The same of a recipe as text, whose first part is the student and whose last the optimizer.

    Empty while the recipe is being chosen.
    """
    _, *parts = re.sub(r"\([^()]*\)|@\w+", "", recipe).split(" · ")
    return ", ".join(parts[:-1]).replace("·", " ")


def state_words(trial: Trial) -> str:
    """Why a run has no result; empty where it has one."""
    if trial.status == "stopped":
        rung = f" at rung {trial.curve[-1][0]}" if trial.curve else ""
        return f"behind other runs{rung}, or out of time"
    return trial.error.strip().splitlines()[0] if trial.error.strip() else ""


def _ended(trial: Trial, record: StudyResult) -> RunRow:
    params = trial.cost.get("params")
    size = "" if params is None else f" {cost_text('params', params)}"
    level = level_of(trial, record.facts)
    kind = BASELINES.get(trial.baseline) or kind_of("", trial.seed, level)
    pipeline = trial.pipeline
    recipe, reason = recipe_words(pipeline), state_words(trial)
    words = f"{trial.number} {pipeline} {recipe} {trial.baseline} {kind} {trial.status} {reason}"
    return RunRow(
        trial.number,
        f"{pipeline.student.name}{size}",
        recipe,
        kind,
        trial.status,
        reason,
        trial.score,
        trial.curve,
        trial.cost.get("seconds", trial.cost.get("train_seconds")),
        words.lower(),
    )


def _running(trial: RunningTrial) -> RunRow:
    kind = BASELINES.get(trial.baseline, "")
    score = trial.curve[-1][1] if trial.curve else None
    words = f"{trial.number} {trial.recipe} {trial.baseline} {kind} running"
    return RunRow(
        trial.number,
        trial.student,
        without_knobs(trial.recipe),
        kind,
        "running",
        score=score,
        curve=trial.curve,
        words=words.lower(),
    )
