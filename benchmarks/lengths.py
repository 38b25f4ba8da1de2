"""Short runs against full trainings of the same recipes, under rules for the rate.

Every training is a line of a CSV file, so that a measurement goes on where it was interrupted.
"""

import csv
import math
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import torch
from scipy.stats import spearmanr

from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.registry.ranges import random_ask
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Pipeline
from autodistill.study.recipe import full_epochs
from autodistill.training.full import train_in_full
from autodistill.training.predictions import predict
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from benchmarks.materials import default_pipeline

RESAMPLINGS = 2000
BATCH = 32
"""Rows of a step; recipes with other batches make more or fewer steps over the same rows."""


@dataclass(frozen=True)
class Size:
    """Length of a training: optimiser steps, over these rows."""

    steps: int
    full: bool
    """The last one: over all rows, with averaged weights, as `run` does."""
    power: float = 0.0
    """Exponent of the rule lr * k ** -power, k full steps for one step of a run."""
    short_steps: int = 0
    """Steps of the run that the rate is from; 0 where the rate is the recipe's own."""


@dataclass(frozen=True)
class Line:
    """One training."""

    dataset: str
    recipe: int
    steps: int
    full: int
    power: float
    short_steps: int
    seed: int
    score: float
    seconds: float

    @property
    def key(self) -> tuple[Any, ...]:
        """The columns that identify it in the table."""
        return tuple(v for k, v in asdict(self).items() if k not in ("score", "seconds"))


def sizes(
    data: TrialData, short: Sequence[int], epochs: int, powers: Sequence[float]
) -> tuple[Size, ...]:
    """The short sizes, and full ones: at the recipe's rate and by each rule from each short size.

    `epochs` of the full trainings; 0: as many as a recipe has. Steps are those of BATCH rows.
    """
    full = (epochs or full_epochs(data.train_rows)) * data.train_rows // BATCH
    rules = [Size(full, True, power, steps) for steps in short for power in powers if power]
    return (*(Size(steps, False) for steps in short), Size(full, True), *rules)


def recipes(workspace: PreparedWorkspace, count: int) -> list[Pipeline]:
    """The default recipe and random ones, the same each time."""
    ask = random_ask(random.Random(20))
    others = (workspace.space.sample(ask) for _ in range(count - 1))
    return [default_pipeline(workspace), *others]


def at_rate(pipeline: Pipeline, factor: float) -> Pipeline:
    """The same pipeline with this multiple of its learning rate."""
    part = pipeline.optimizer
    return replace(
        pipeline, optimizer=replace(part, knobs={**part.knobs, "lr": factor * part.knobs["lr"]})
    )


def train(workspace: PreparedWorkspace, pipeline: Pipeline, size: Size, seed: int) -> float:
    """The score on the validation rows after a training of this length, on one thread."""
    torch.set_num_threads(1)
    data, beside = workspace.data, Views(workspace, Screen())
    views, tutored = beside(pipeline), beside.tutored(pipeline)
    visits = size.steps * BATCH
    if not size.full:
        epochs = max(1, math.ceil(visits / data.train_rows))
        rows = min(data.train_rows, round(visits / epochs))
        spec = TrialSpec(-1, pipeline, seed, rows, epochs, views=views, tutored=tutored)
        return run_trial(data, spec, never).score
    if size.short_steps:
        pipeline = at_rate(pipeline, (size.steps / size.short_steps) ** -size.power)
    trained = train_in_full(
        *(data, pipeline),
        epochs=max(1, round(visits / data.train_rows)),
        seed=seed,
        tick=lambda *_: None,
        views=views,
        tutored=tutored,
        validates=True,
    )
    shard = data.shards[trained.vocabulary].open()
    selection = np.arange(data.train_rows, data.train_rows + data.selection_rows)
    metric = families.build("metrics", data.metric, {})
    logits = predict(trained.network, shard, selection, device=data.device)
    return float(metric(metric.decide(logits), shard.labels[selection]))


def measure(
    workspace: PreparedWorkspace,
    wanted: Iterable[Size],
    *,
    count: int,
    seeds: int,
    out: Path,
    say: Callable[[str], None],
) -> list[Line]:
    """Every training that the file lacks, recipe by recipe; all lines of this dataset."""
    wanted, name = list(wanted), workspace.study.dataset
    known = {line.key: line for line in read(out)}
    for recipe, pipeline in enumerate(recipes(workspace, count)):
        for seed in range(seeds):
            for size in wanted:
                asked = Line(
                    *(name, recipe, size.steps, int(size.full), size.power, size.short_steps),
                    *(seed, 0.0, 0.0),
                )
                if asked.key in known:
                    continue
                begin = time.perf_counter()
                score = train(workspace, pipeline, size, seed)
                seconds = round(time.perf_counter() - begin, 2)
                line = Line(**{**asdict(asked), "score": score, "seconds": seconds})
                append(out, line)
                known[line.key] = line
                say(f"recipe {recipe} seed {seed} {size}: {score:.4f} in {seconds:.1f} s")
    return [line for line in known.values() if line.dataset == name]


def read(path: Path) -> list[Line]:
    """The lines of a file; none where there is no file."""
    if not path.is_file():
        return []
    kinds = {f.name: f.type for f in fields(Line)}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Line(**{k: _value(kinds[k], v) for k, v in row.items()}) for row in csv.DictReader(file)
        ]


def _value(kind: Any, text: str) -> Any:
    return text if kind is str else kind(text)


def append(path: Path, line: Line) -> None:
    """Add a line; the file is whole after each."""
    new = not path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(line)), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(asdict(line))


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """Agreement of each short size with each full training, and what each rule reaches.

    `spearman` with its 95 % interval over recipes; `full` is the mean full score, `picked` the full
    score of the recipe that is best in the short runs, in points.
    """
    scores: dict[tuple[int, int, float, int], dict[int, list[float]]] = {}
    for line in lines:
        size = line.steps, line.full, line.power, line.short_steps
        scores.setdefault(size, {}).setdefault(line.recipe, []).append(line.score)
    means = {size: {r: fmean(v) for r, v in by.items()} for size, by in scores.items()}
    found = []
    for short in sorted(s for s in means if not s[1]):
        for full in sorted(s for s in means if s[1] and s[3] in (0, short[0])):
            found.append(_agreement(short, full, means))
    lengths = {
        f"{s[0]} steps": round(100 * fmean(means[s].values()), 2) for s in sorted(means) if not s[1]
    }
    return {"mean_short": lengths, "pairs": found}


def _agreement(
    short: tuple[int, int, float, int],
    full: tuple[int, int, float, int],
    means: Mapping[tuple[int, int, float, int], Mapping[int, float]],
) -> dict[str, Any]:
    both = sorted(means[short].keys() & means[full].keys())
    x, y = (np.array([means[size][r] for r in both]) for size in (short, full))
    draw, drawn = np.random.default_rng(0), []
    for _ in range(RESAMPLINGS):
        some = draw.integers(len(both), size=len(both))
        if len(set(x[some])) > 1 and len(set(y[some])) > 1:
            drawn.append(spearmanr(x[some], y[some]).statistic)
    low, high = np.percentile(drawn, [2.5, 97.5]) if drawn else (math.nan, math.nan)
    return {
        "short": short[0],
        "full": full[0],
        "power": full[2],
        "recipes": len(both),
        "spearman": round(float(spearmanr(x, y).statistic), 3) if len(both) > 2 else None,
        "interval": [round(float(low), 3), round(float(high), 3)],
        "mean_full": round(100 * float(y.mean()), 2),
        "picked_full": round(100 * float(y[x.argmax()]), 2),
        "best_full": round(100 * float(y.max()), 2),
    }
