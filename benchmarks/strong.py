"""A strong teacher's answers as a file of soft labels: what a language model would have said.

An encoder is tuned once on a dataset's labelled rows; it then answers every text that the
measurement `unlabelled` draws from the dataset, and is scored on the test rows.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from scipy.special import softmax

from autodistill.datasets import Rows, join, load
from autodistill.prepare.teacher_tuning import tune
from autodistill.prepare.tune_data import tune_data
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.study import Study
from benchmarks.few_labels import Setting, chosen_rows
from benchmarks.teachers import answers, network_of


def strong(
    setting: Setting,
    out: Path,
    *,
    teacher: str,
    data_root: Path | None,
    rows: int,
    epochs: int,
    seeds: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Tune on at most `rows` rows in `epochs` passes; answer the texts of the first seeds' draws.

    One process and thread; goes on at the last epoch after an interruption.
    """
    torch.set_num_threads(1)
    study = Study(setting.dataset, teacher, rows=rows, max_length=setting.max_length)
    workspace = open_workspace(study, Screen(), data_root)
    folder = out.with_suffix("")
    begin = time.perf_counter()
    if not (folder / "config.json").exists():
        _tune(workspace, folder, epochs, say)
    seconds = time.perf_counter() - begin
    task = workspace.task
    metric = families.build("metrics", task.metric, {})
    network = network_of(workspace, folder)
    logits = answers(workspace, folder, network, task.test)
    score = float(metric(metric.decide(logits), task.test.labels))
    asked = _drawn(setting, seeds, data_root)
    shares = softmax(answers(workspace, folder, network, asked), axis=1)
    table = pd.DataFrame({"text": asked.first})
    for place, name in enumerate(task.label_names):
        table[f"class {name}"] = shares[:, place]
    table.drop_duplicates("text").to_parquet(out, index=False)
    return {
        "dataset": setting.dataset,
        "metric": task.metric,
        "test": score,
        "test_rows": len(task.test),
        "rows": len(task.train),
        "epochs": epochs,
        "answered": len(asked),
        "params": sum(p.numel() for p in network.parameters()),
        "tuning_seconds": round(seconds),
        "answering_seconds": round(time.perf_counter() - begin - seconds),
    }


def _tune(workspace: Workspace, folder: Path, epochs: int, say: Callable[[str], None]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data = tune_data(workspace, folder)
    kept = folder.with_suffix(".parts")
    kept.mkdir(exist_ok=True)
    how = replace(data.tuning, epochs=epochs, members=1)
    begin, told = time.perf_counter(), [0.0]

    def tick(done: int, total: int) -> None:
        if (now := time.perf_counter()) > told[0] + 60:
            told[0] = now
            say(f"{done} of {total} steps in {now - begin:.0f} s")

    tune(replace(data, tuning=how, kept=kept, threads=1), tick, workers=1, say=say)


def _drawn(setting: Setting, seeds: int, data_root: Path | None) -> Rows:
    """The training texts of the first draws, once each."""
    task = load(setting.dataset, data_root=data_root)
    known = join(task.train, task.selection)
    places = [np.concatenate(chosen_rows(known, setting, seed)) for seed in range(seeds)]
    return known.take(np.unique(np.concatenate(places)))
