"""The simple baselines of a study, fitted once on the rows of its first trials, and on all."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime.progress import Screen, short
from autodistill.study.simple_baselines import SimpleBaseline, below
from autodistill.training.simple_baselines import fit_simple_baselines, trial_rows


def simple_baselines(
    workspace: PreparedWorkspace, rows: int, screen: Screen
) -> list[dict[str, Any]]:
    """The baselines as a study's facts hold them; `rows` is what a trial is trained on."""
    task, begin = workspace.task, time.perf_counter()
    fitted_on = trial_rows(task.train, rows)
    metric = families.build("metrics", task.metric, {})
    found = fit_simple_baselines(fitted_on, task.selection, task.classes, metric)
    scores = ", ".join(f"{each.title} {each.score:.4f}" for each in found)
    screen.line(
        f"baseline  {scores}; fitted on {len(fitted_on):,} rows in "
        f"{short(time.perf_counter() - begin)}"
    )
    return [each.to_dict() for each in found]


def whole_baseline(
    workspace: PreparedWorkspace, known: Sequence[Mapping[str, Any]], screen: Screen
) -> dict[str, Any] | None:
    """The linear baseline on all training rows; a teacher below it is warned of.

    `known` are the simple baselines on the rows of a trial, which may be all there are.
    """
    task = workspace.task
    rows, linear = trial_rows(task.train, len(task.train)), [known[-1]]
    if known[-1]["kind"] == "majority":
        return None
    if known[-1]["rows"] < len(rows):
        metric = families.build("metrics", task.metric, {})
        found = fit_simple_baselines(rows, task.selection, task.classes, metric)
        linear = [each.to_dict() for each in found]
    kept = {name: linear[-1][name] for name in ("kind", "score", "rows")}
    score = workspace.teacher_score
    if score is not None and (weak := below(score, SimpleBaseline(**kept))):
        screen.line(f"warning   {weak}")
    return kept
