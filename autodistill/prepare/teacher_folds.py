"""A teacher's answers on training rows by networks that were not trained on these rows.

Source   Wolpert 1992, "Stacked generalization", Neural Networks 5 (2), section 2.
Idea     On its own training rows a teacher repeats their labels; on others it says what it knows.
"""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students import Backbone, load_teacher
from autodistill.prepare.apart import run_on, unseen
from autodistill.prepare.record_signals import Recorded, folds_folder
from autodistill.prepare.teacher_tuning import tune_all
from autodistill.prepare.tune_data import kept_beside, tune_data
from autodistill.prepare.workspace import Workspace
from autodistill.runtime import arrays, cache, files
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Screen, Tick, short
from autodistill.training.predictions import predict
from autodistill.training.signals import Shard, Signals
from autodistill.training.teacher import TuneData

Logits = NDArray[np.float32]
Rows = NDArray[np.int64]
"""Places of training rows."""


def answer_by_folds(
    workspace: Workspace, recorded: Recorded, shard: Shard, screen: Screen
) -> Recorded:
    """The recorded signals with the folds' logits on training rows, in a folder of their own.

    States stay those of the whole teacher, of which students are made. Folds that ended before an
    interruption are not trained again.
    """
    count, train = workspace.study.teacher_folds, workspace.task.train
    folder = folds_folder(recorded.folder, count)

    def make(draft: Path) -> None:
        begin, kept = time.perf_counter(), kept_beside(folder)
        order = np.random.default_rng(workspace.study.seed).permutation(len(train))
        folds = [np.sort(rows) for rows in np.array_split(order, count)]
        jobs = [_without(workspace, rows, kept / str(n)) for n, rows in enumerate(folds)]
        with screen.bar(f"tuning {count} folds of the teacher") as tick:
            tune_all(jobs, tick)
        logits = np.array(Signals.open(recorded.folder).logits)
        for rows, job in zip(folds, jobs):
            logits[rows] = _answers(workspace, job.target, rows, shard)
        for file in recorded.folder.glob("layer_*.npy"):
            files.copy(file, draft / file.name)
        arrays.save(draft / "logits.npy", logits)
        shutil.rmtree(kept)
        right = (logits[: len(train)].argmax(1) == train.labels).mean()
        screen.line(
            f"teacher   {count} folds: right on {right:.1%} of the training rows, each of which "
            "was kept from the fold that answers it; took "
            f"{short(time.perf_counter() - begin)}"
        )

    cache.once(folder, make)
    return replace(recorded, folder=folder)


def _without(workspace: Workspace, rows: Rows, kept: Path) -> TuneData:
    """The fine-tuning of one network on all training rows but these."""
    task, target = workspace.task, kept / "network"
    rest = np.setdiff1d(np.arange(len(task.train)), rows)
    smaller = replace(workspace, task=replace(task, train=task.train.take(rest)))
    for folder in (kept, target):
        folder.mkdir(exist_ok=True)
    data = tune_data(smaller, target)
    return replace(data, tuning=replace(data.tuning, members=1), kept=kept, threads=1)


def _answers(workspace: Workspace, network: Path, rows: Rows, shard: Shard) -> Logits:
    """The logits of a tuned network on these training rows."""
    task = workspace.task
    backbone = Backbone.of(network, task.label_names, tuple(range(task.classes)))
    given = backbone, shard, rows, workspace.device
    return run_on(workspace.device, "asking a fold of the teacher", _predict, *given, tick=unseen)


def _predict(backbone: Backbone, shard: Shard, rows: Rows, device: Device, _: Tick) -> Logits:
    opened = shard.open()
    made = load_teacher(backbone, getattr(opened.table, "pad_id", None))
    return predict(made, opened, rows, device=device)
