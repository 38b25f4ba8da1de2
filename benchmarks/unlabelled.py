"""Value of unlabelled rows: students of each size with the teacher, and alone in equal steps.

A few labelled rows are drawn from a dataset, the others lose their labels. The teacher is tuned on
the few; each recipe that the space starts with is trained with it on both, and alone.
"""

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax

from autodistill.datasets import join
from autodistill.deploy.reload import predict_rows
from autodistill.prepare.materials import prepare
from autodistill.prepare.record_signals import record
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.baselines import alone
from autodistill.study.pipeline import Pipeline
from autodistill.study.starts import start_values
from autodistill.study.study import Study
from autodistill.training.full import train_in_full
from autodistill.training.simple_baselines import fit_simple_baselines
from autodistill.training.tuning import WIDTH, Tuning, rate_of, tuning
from benchmarks.few_labels import MORE, SETTINGS, Setting, draw
from benchmarks.words import say

LEAST_STEPS = 600


def measure(
    setting: Setting,
    seed: int,
    place: Path,
    *,
    teacher: str,
    data_root: Path | None,
    space: str,
    steps: int,
) -> dict[str, Any]:
    """Scores on the held-out test of the teacher, and of each student with it and alone.

    `steps` are those of the default recipe's student; one that takes more passes takes more.
    """
    begin = time.perf_counter()
    folder = draw(setting, seed, place, data_root)
    study = Study(
        dataset=str(folder),
        teacher=teacher,
        space=space,
        max_length=setting.max_length,
        unlabelled=str(folder.with_suffix(".unlabelled.csv")),
    )
    workspace = prepare(open_workspace(study, Screen(), None), Screen())
    prepared, task = time.perf_counter() - begin, workspace.task
    known = join(task.train, task.selection)
    simple = fit_simple_baselines(known, task.test, task.classes, _metric(workspace))
    score, surprise = _teacher(workspace)
    recipes = [workspace.space.made_of(values) for values in start_values(workspace.space)]
    return {
        "dataset": setting.dataset,
        "metric": task.metric,
        "labels": workspace.data.labelled_rows,
        "unlabelled_rows": workspace.data.pool_rows,
        "test_rows": len(task.test),
        "seed": seed,
        "teacher": None if score is None else round(score, 4),
        "teacher_cross_entropy": None if surprise is None else round(surprise, 4),
        **{each.kind: round(each.score, 4) for each in simple},
        "students": {
            str(taught.student): _pair(workspace, taught, steps, seed, score) for taught in recipes
        },
        "prepared_seconds": round(prepared),
        "seconds": round(time.perf_counter() - begin),
    }


def shortened(
    share: float, rows: int, classes: int = 2, *, images: bool = False, width: int = WIDTH
) -> Tuning:
    """The default fine-tuning with this share of its passes, at the rate of so many steps."""
    how = tuning(rows, classes, images=images, width=width)
    epochs, knobs = max(1, round(share * how.epochs)), how.optimizer.knobs
    before, now = (rate_of(n * rows / knobs["batch"]) for n in (how.epochs, epochs))
    optimizer = replace(how.optimizer, knobs={**knobs, "lr": knobs["lr"] * (now / before)})
    return replace(how, epochs=epochs, optimizer=optimizer)


def _pair(
    workspace: PreparedWorkspace, taught: Pipeline, steps: int, seed: int, teacher: float | None
) -> dict[str, Any]:
    visits = workspace.data.labelled_rows + workspace.data.pool_rows
    batch = taught.optimizer.knobs["batch"]
    epochs = max(1, math.ceil(steps * batch / visits))
    begin = time.perf_counter()
    made = {
        name: _student(workspace, pipeline, epochs, seed)
        for name, pipeline in (("alone", alone(taught)), ("taught", taught))
    }
    seconds = (time.perf_counter() - begin) / len(made)
    plain, helped = (made[name] for name in ("alone", "taught"))
    gap = 0.0 if teacher is None else teacher - plain.score
    right = [each.predicted == workspace.task.test.labels for each in (helped, plain)]
    paired = right[0].astype(float) - right[1]
    return {
        "steps": epochs * visits // batch,
        "params": helped.params,
        "alone": round(plain.score, 4),
        "taught": round(helped.score, 4),
        "gain_of_accuracy": round(float(paired.mean()), 4),
        "error": round(float(paired.std() / math.sqrt(len(paired))), 4),
        "closed": round((helped.score - plain.score) / gap, 3) if gap > 0 else None,
        "seconds": round(seconds, 1),
    }


@dataclass(frozen=True)
class Student:
    """A student after its training."""

    score: float
    predicted: NDArray[np.int64]
    """Class of each test row."""
    params: int


def _student(workspace: PreparedWorkspace, pipeline: Pipeline, epochs: int, seed: int) -> Student:
    trained = train_in_full(
        workspace.data, pipeline, epochs=epochs, seed=seed, tick=lambda *_: None
    )
    tokens = workspace.test_shard(trained.words).tokens
    logits = predict_rows(trained.network, tokens, len(workspace.task.test))
    params = sum(p.numel() for p in trained.network.parameters())
    return Student(_score(workspace, logits), _metric(workspace).decide(logits), params)


def _teacher(workspace: PreparedWorkspace) -> tuple[float | None, float | None]:
    """Its score and cross-entropy (nats) on the held-out test; None for a file of answers."""
    if workspace.teacher.labels_file is not None:
        return None, None
    tokens = workspace.tokens(workspace.teacher.folder, workspace.task.test)
    recorded = record(
        workspace.data.backbone,
        workspace.teacher.key,
        tokens,
        workspace.home,
        device=workspace.data.device,
        tick=lambda *_: None,
    )
    logits, labels = np.load(recorded.folder / "logits.npy"), workspace.task.test.labels
    surprise = -log_softmax(logits.astype(np.float64), axis=1)[np.arange(len(labels)), labels]
    return _score(workspace, logits), float(surprise.mean())


def _metric(workspace: PreparedWorkspace) -> Any:
    return families.build("metrics", workspace.task.metric, {})


def _score(workspace: PreparedWorkspace, logits: NDArray[np.float32]) -> float:
    metric = _metric(workspace)
    return float(metric(metric.decide(logits), workspace.task.test.labels))


def unlabelled(
    out: Path,
    names: tuple[str, ...],
    seeds: int,
    *,
    teacher: str,
    data_root: Path | None,
    space: str,
    steps: int = LEAST_STEPS,
    passes: float = 1.0,
) -> list[Mapping[str, Any]]:
    """All settings and seeds that `out`, a file of JSON lines, lacks; then all of its lines.

    `passes` are those of the teacher's fine-tuning, as a share of what it has by default.
    """
    torch.set_num_threads(1)
    done = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    there = {(line["dataset"], line["seed"], line.get("passes", 1.0)) for line in done}
    usual = {setting.dataset for setting in SETTINGS}
    for seed in range(seeds):
        for setting in (*SETTINGS, *MORE):
            if setting.dataset not in (names or usual):
                continue
            if (setting.dataset, seed, passes) in there:
                continue
            with mock.patch("autodistill.prepare.workspace.tuning", partial(shortened, passes)):
                found = measure(
                    setting,
                    seed,
                    out.parent,
                    teacher=teacher,
                    data_root=data_root,
                    space=space,
                    steps=steps,
                )
            found["passes"] = passes
            say(json.dumps(found))
            with out.open("a") as file:
                file.write(json.dumps(found) + "\n")
            done.append(found)
    return done
