"""One trial, as a worker process runs it: plain data in, plain data out, nothing else touched."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill import family
from autodistill.arrays import OpenShard, Shard
from autodistill.pipeline import NONE, Pipeline
from autodistill.record import as_bytes
from autodistill.students import Backbone, Vocabulary
from autodistill.train.fit import FitPlan, Report, diagnose, fit
from autodistill.train.guidance import Guidance
from autodistill.train.live import live_teacher
from autodistill.train.mixing import mixing_of
from autodistill.train.parts import beside, count, shapes_of


@dataclass(frozen=True)
class TrialData:
    """Where a study's trials find what they need; the same for all of them."""

    backbone: Backbone
    vocabularies: dict[str, Vocabulary]
    shards: dict[str, Shard]
    """By vocabulary: train rows, then selection rows."""
    train_rows: int
    selection_rows: int
    metric: str
    bfloat16: bool


@dataclass(frozen=True)
class Tutored:
    """Who teaches in the teacher's place."""

    backbone: Backbone
    """That can be asked live."""
    signals: Path
    """On the rows of TrialData.shards."""


@dataclass(frozen=True)
class Ticket:
    """One run to do."""

    number: int
    pipeline: Pipeline
    seed: int
    rows: int
    epochs: int
    control: str = ""
    """One of record.CONTROLS; `random` gives every row the teacher's answer to another one."""
    views: tuple[Shard, ...] = ()
    """Of the pipeline's augmentation, in the student's vocabulary; rows as in TrialData.shards."""
    tutored: Tutored | None = None
    """Of the pipeline's tutor."""


def taught(data: TrialData, vocabulary: str, tutored: Tutored | None) -> tuple[OpenShard, Backbone]:
    """The rows with the signals of whoever teaches, and the network that is asked live."""
    shard = data.shards[vocabulary]
    if tutored is None:
        return shard.open(), data.backbone
    return replace(shard, signals=tutored.signals).open(), tutored.backbone


def run_trial(data: TrialData, ticket: Ticket, report: Report) -> dict[str, Any]:
    """Build the student, train it on a seeded subset, score it; returns the parts of an Outcome."""
    torch.set_num_threads(int(os.environ.get("AUTODISTILL_THREADS", "1")))
    torch.manual_seed(ticket.seed)
    assert bool(ticket.views) == (ticket.pipeline.augmentation != NONE)
    student = family.build("students", ticket.pipeline.student.name, ticket.pipeline.student.knobs)
    words = data.vocabularies[student.vocabulary]
    network = student.build(data.backbone, words)
    shard, teacher = taught(data, student.vocabulary, ticket.tutored)
    if ticket.control == "random":
        shard = replace(shard, teacher_rows=np.random.default_rng(ticket.seed).permutation(len(shard.labels)))
    rows = np.sort(np.random.default_rng(ticket.seed).permutation(data.train_rows)[: ticket.rows])
    selection = np.arange(data.train_rows, data.train_rows + data.selection_rows)
    views = tuple(v.open() for v in ticket.views)
    plan = FitPlan(
        terms=ticket.pipeline.terms,
        optimizer=ticket.pipeline.optimizer,
        shapes=shapes_of(network, shard, ticket.pipeline.terms, teacher.heads),
        rows=rows,
        selection=selection,
        epochs=ticket.epochs,
        seed=ticket.seed,
        metric=data.metric,
        bfloat16=data.bfloat16,
        views=views,
        mixing=mixing_of(ticket.pipeline, teacher, words, ticket.seed),
        guidance=Guidance.of(ticket.pipeline),
        sampling=ticket.pipeline.sampling,
        **beside(ticket.pipeline),
        live=live_teacher(ticket.pipeline, (shard, *views), teacher, words),
    )
    result = fit(network, shard, plan, report)
    found: dict[str, Any] = {
        "status": "stopped" if result.stopped else "complete",
        "score": result.curve[-1][1],
        "curve": result.curve,
        "fidelity": {"rows": len(rows), "epochs": ticket.epochs},
        "cost": {"train_seconds": result.train_seconds, "evaluation_seconds": result.evaluation_seconds, **count(network)},
    }
    if not result.stopped:
        found["metrics"] = diagnose(result.logits, shard, selection, data.metric)
        found["guesses"] = as_bytes(family.build("metrics", data.metric, {}).decide(result.logits))
    return found
