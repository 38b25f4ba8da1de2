"""An estimate of a study from a few timed steps, before anything costly is done."""

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.components.students import Backbone
from autodistill.components.teachers import Found
from autodistill.datasets._tables import open_table
from autodistill.prepare import record_token_signals as by_token
from autodistill.prepare.apart import run_on, unseen
from autodistill.prepare.materials import fit_space, materials
from autodistill.prepare.places import at_once, trials_held
from autodistill.prepare.teacher_choice import SHARE, choice_seconds
from autodistill.prepare.teacher_tuning import cores
from autodistill.prepare.tune_data import tune_data
from autodistill.prepare.word_vectors import tokens_to_read
from autodistill.prepare.workspace import PreparedWorkspace, Workspace
from autodistill.registry import families
from autodistill.registry.ranges import random_ask
from autodistill.runtime import cache
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Stopwatch, Tick
from autodistill.search.cost import Plan, share_left
from autodistill.search.promotion import promotes, room
from autodistill.search.runs_held import RUN_SECONDS, runs_held
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.rules import signal_of
from autodistill.study.space import Space
from autodistill.study.starts import start_values
from autodistill.study.study import Budget
from autodistill.training.crowding import crowding
from autodistill.training.teacher import Member, TuneData, tune_member
from autodistill.training.trial_data import TrialData
from autodistill.training.trial_size import (
    WANTED_TRIALS,
    Aim,
    Pace,
    TrialSize,
    fewest_visits,
    learnable_rows,
    measure_pace,
    trial_size,
)

SAMPLE_TOKENS, SAMPLE_ROWS = 24_000, (256, 4000)
TIMED_STEPS, TIMED_SELECTION, TIMED_PIPELINES = 8, 64, 3
TIMED_POOL = 64
"""Unlabelled rows of the sample at least; beside few labelled ones, what these lack.

The teacher answers every row of the sample, only to be timed.
"""
START_SECONDS = 8.0
"""Seconds of a search beside its runs: imports, tokens, the fork server."""
RECORD_BYTES = 30_000
"""Bytes of the database for each run."""
UNKNOWN_SCORE = 0.85
"""The score that is assumed of a teacher without predictions yet."""


@dataclass(frozen=True)
class Forecast:
    """A plan, and the size of its trials."""

    plan: Plan
    size: TrialSize


def forecast(workspace: Workspace, budget: Budget, workers: int) -> Forecast:
    """Time a few steps of everything that the study will do."""
    begin = time.perf_counter()
    with cache.refusals(workspace.home), cache.temporary_folder() as folder:
        sample = _sample(workspace, folder)
        tuned = workspace.tuned
        found = workspace.as_tuned
        watch = Stopwatch()
        data, signals, asked = materials(sample, found, watch)
        choice, tuning = (0.0, 0.0) if tuned else _tuning_seconds(workspace, sample, budget)
        space = fit_space(workspace, data.backbone, pooled=bool(signals.pooled))
        pipelines = some_pipelines(space, TIMED_PIPELINES)
        pace = pace_of(data, space, workers)
        lengths = open_table(data.shards["full"].tokens).lengths
    known = len(workspace.task.answered)
    recorded = workspace.is_recorded()
    row_seconds = _row_seconds(watch.ticks, lengths, asked.seconds)
    workers = at_once(data.device, workers, pace.on_card)
    aim = _aim(workspace, budget, workers, pipelines[0])
    size = trial_size(pace, aim, budget.seconds)
    runs = runs_held(workspace, budget, workers, size)
    tokens = _by_token(space, data.backbone, int(known * lengths.mean()))
    kept = sum(count for count in tokens.values() if count <= by_token.limit())
    disk = (
        kept
        + runs.count * RECORD_BYTES
        + (0 if recorded else known * _row_bytes(data, lengths))
        + (0 if tuned else _weights(workspace.found))
    )
    plan = Plan(
        start_seconds=START_SECONDS + time.perf_counter() - begin,
        tuning_seconds=choice + tuning,
        choice_seconds=choice,
        recording_seconds=0.0 if recorded else known * row_seconds,
        words_seconds=tokens_to_read(workspace, space) * row_seconds / float(lengths.mean()),
        trial_seconds=size.seconds + RUN_SECONDS,
        rows=size.rows,
        epochs=size.epochs,
        train_rows=len(workspace.task.train),
        selection_rows=aim.selection_rows,
        pool_rows=workspace.task.pool_rows,
        runs=runs.count,
        search_seconds=runs.seconds,
        workers=workers,
        disk_bytes=int(disk),
        closing_share=runs.closing_share,
        by_token=tokens,
        token_limit=by_token.limit(),
        score=(workspace.teacher_score if isinstance(workspace, PreparedWorkspace) else None)
        or UNKNOWN_SCORE,
        budget=budget,
        promoted=runs.promoted,
        promoted_seconds=runs.promoted_seconds,
        least_trial_seconds=pace.seconds(aim.fewest_visits, aim.selection_rows) + RUN_SECONDS,
        budget_share=share_left(workspace.study.students),
    )
    return Forecast(plan, size)


def pace_of(data: TrialData, space: Space, workers: int) -> Pace:
    """The pace of trials of this space on the device of their data, so many at once."""
    given = data, some_pipelines(space, TIMED_PIPELINES)
    pace = run_on(data.device, "timing a trial", _pace, *given, tick=unseen)
    return pace.beside(_crowding(data.device, workers))


def _crowding(device: Device, at_once: int) -> float:
    return crowding(min(cores(), at_once)) if device.is_cpu else 1.0


def _pace(data: TrialData, pipelines: Sequence[Pipeline], _: Tick) -> Pace:
    pace = measure_pace(data, pipelines)
    return replace(pace, on_card=trials_held(data.device))


def _tune(data: TuneData, tick: Tick) -> None:
    tune_member(data, Member(0), lambda done, total: tick(done, round(total)))


def _aim(workspace: Workspace, budget: Budget, workers: int, default: Pipeline) -> Aim:
    task, study = workspace.task, workspace.study
    return Aim(
        learnable_rows(task),
        len(task.selection),
        workers,
        fewest_visits(default, task.classes),
        WANTED_TRIALS * (2 if study.students == "each" else 1),
        room(budget.closing_share) if promotes(study) else math.inf,
    )


def _by_token(space: Space, backbone: Backbone, tokens: int) -> dict[str, int]:
    """Bytes by kind of the token signals that recipes of this space may use."""
    kinds: set[str] = set()
    for name, knobs in space.slots["feature"].items():
        if name != "none" and families.card("losses", name).traits.get("matches", True):
            kinds |= set(getattr(knobs.get("on"), "choices", (signal_of(Part(name)),)))
    return {kind: by_token.size(kind, backbone, tokens) for kind in sorted(kinds - {"pooled"})}


def some_pipelines(space: Space, count: int) -> list[Pipeline]:
    """The recipes that a search starts with, then random ones; `count` in all, always the same."""
    ask = random_ask(random.Random(0))
    first = [space.made_of(values) for values in start_values(space)[:count]]
    return [*first, *(space.sample(ask) for _ in range(count - len(first)))]


def _sample(workspace: Workspace, home: Path) -> Workspace:
    """The same study on a few rows, with a cache folder of its own."""
    draw, task = np.random.default_rng(0), workspace.task
    words = (
        np.mean([len(t.split()) for t in (task.train.first + (task.train.second or ()))[:1000]]) + 2
    )
    wanted = int(np.clip(SAMPLE_TOKENS / words, *SAMPLE_ROWS))
    train = task.train.take(np.sort(draw.permutation(len(task.train))[:wanted]))
    selection = task.selection.take(
        np.sort(draw.permutation(len(task.selection))[:TIMED_SELECTION])
    )
    unlabelled = max(TIMED_POOL, wanted - len(train))
    pool = task.pool and task.pool.take(np.sort(draw.permutation(len(task.pool))[:unlabelled]))
    part = replace(task, train=train, selection=selection, pool=pool)
    return replace(workspace, task=part, home=home)


def _tuning_seconds(workspace: Workspace, sample: Workspace, budget: Budget) -> tuple[float, float]:
    """Estimated seconds of the choice of a recipe, and of the teacher's fine-tuning.

    From a few steps of one member. The choice takes 0 where its share of the budget is too small.
    """
    task, how, ticks = workspace.task, workspace.tuning, list[tuple[float, int]]()
    some = np.random.default_rng(1).permutation(len(task.train))[
        : how.optimizer.knobs["batch"] * TIMED_STEPS
    ]
    few = replace(sample, task=replace(task, train=task.train.take(some), pool=None))
    draft = sample.home / "tuned"
    draft.mkdir()
    data = replace(tune_data(few, draft), tuning=replace(how, epochs=1))
    run_on(
        *(data.device, "timing the teacher", _tune, data),
        tick=lambda done, _: ticks.append((time.perf_counter(), done)),
    )
    (first, done), (last, all_done) = ticks[0], ticks[-1]
    steps = how.epochs * math.ceil(len(task.train) / how.optimizer.knobs["batch"])
    seconds = float(steps * (last - first) / max(1, all_done - done))
    seconds *= _crowding(data.device, how.members)
    choice = choice_seconds(len(task.train), how, seconds)
    if task.of_images or choice > SHARE * (budget.seconds or 0.0):
        choice = 0.0
    folds = max(0, workspace.study.teacher_folds - 1) * seconds / min(2, cores())
    return choice, folds + seconds * math.ceil(how.members / min(cores(), how.members))


def _row_seconds(ticks: Sequence[tuple[float, int]], lengths: Any, seconds: float) -> float:
    """Seconds for a row of mean length.

    The first batch, which loads the network, counts only where there is no other.
    """
    if len(ticks) < 2:
        return seconds / len(lengths)
    (first, done), (last, all_done) = ticks[0], ticks[-1]
    tokens = np.sort(lengths)[::-1][done:all_done].sum()
    return float((last - first) / tokens * lengths.mean())


def _row_bytes(data: TrialData, lengths: Any) -> float:
    backbone = data.backbone
    return (
        2 * sum(backbone.widths) + 4 * len(backbone.label_names) + 10 * float(lengths.mean()) + 16
    )


def _weights(found: Found) -> int:
    return sum(p.stat().st_size for p in found.folder.glob("*.safetensors"))
