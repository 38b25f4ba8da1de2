"""The simple baselines of a study, fitted once on the rows of its first trials."""

import time
from typing import Any

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime.progress import Screen, short
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
        f"baselines {scores}; fitted on {len(fitted_on):,} rows in "
        f"{short(time.perf_counter() - begin)}"
    )
    return [each.to_dict() for each in found]
