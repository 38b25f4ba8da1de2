"""Teachers tuned as before and as now, beside a linear model of words; a line for each dataset."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax

from autodistill.components.students import Backbone, load_teacher
from autodistill.datasets import Rows
from autodistill.prepare.teacher_tuning import tune
from autodistill.prepare.tune_data import tune_data
from autodistill.prepare.workspace import Workspace, labels_file, open_workspace
from autodistill.registry import families
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen
from autodistill.study.study import Study
from autodistill.training.predictions import predict
from autodistill.training.signals import Shard
from autodistill.training.simple_baselines import fit_simple_baselines
from autodistill.training.tuning import Tuning, former_tuning
from benchmarks.materials import scratch_folder
from benchmarks.words import machine


@dataclass(frozen=True)
class Tuned:
    """A teacher after its fine-tuning, on the validation rows."""

    score: float
    confidence: float
    """Mean of the largest probability."""
    seconds: float
    recipe: str


def teachers(
    datasets: Sequence[str],
    out: Path,
    *,
    teacher: str,
    data_root: Path | None,
    max_length: int,
    before: bool,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Measure the datasets that `out` has no line of yet; NAME:ROWS names one cut to that size."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    known = {(line["asked"], line["teacher"]): line for line in map(json.loads, lines)}
    for asked in datasets:
        if (asked, teacher) in known:
            continue
        name, _, rows = asked.partition(":")
        study = Study(name, teacher, rows=int(rows or 0), max_length=max_length)
        found = _measure(open_workspace(study, Screen(), data_root), before=before)
        line = {"asked": asked, "teacher": teacher, **found, "machine": machine()}
        known[asked, teacher] = line
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        say(json.dumps(line))
    return {"lines": [known[asked, teacher] for asked in datasets]}


def _measure(workspace: Workspace, *, before: bool) -> dict[str, Any]:
    task = workspace.task
    begin = time.perf_counter()
    metric = families.build("metrics", task.metric, {})
    simple = fit_simple_baselines(task.train, task.selection, task.classes, metric)
    return {
        "rows": len(task.train),
        "validation_rows": len(task.selection),
        "classes": task.classes,
        "metric": task.metric,
        **{each.kind: each.score for each in simple},
        "simple_seconds": time.perf_counter() - begin,
        **({"before": asdict(_tuned(workspace, former_tuning(len(task.train))))} if before else {}),
        "now": asdict(_tuned(workspace, None)),
    }


def _tuned(workspace: Workspace, how: Tuning | None) -> Tuned:
    task = workspace.task
    with scratch_folder() as folder:
        data = tune_data(workspace, folder)
        data = data if how is None else replace(data, tuning=how)
        seconds = tune(data, lambda *_: None)
        logits = answers(workspace, folder, network_of(workspace, folder), task.selection)
    metric = families.build("metrics", task.metric, {})
    return Tuned(
        float(metric(metric.decide(logits), task.selection.labels)),
        float(softmax(logits, axis=1).max(1).mean()),
        seconds,
        repr(data.tuning) + data.tuning.later,
    )


def network_of(workspace: Workspace, folder: Path) -> Any:
    """The tuned teacher in a folder."""
    names = workspace.task.label_names
    return load_teacher(Backbone.of(folder, names, tuple(range(len(names)))))


def answers(workspace: Workspace, folder: Path, network: Any, rows: Rows) -> Any:
    """Its logits (rows, classes)."""
    shard = Shard(workspace.tokens(folder, rows), labels_file(rows, cache.home())).open()
    return predict(network, shard, np.arange(len(rows)), device=workspace.device)
