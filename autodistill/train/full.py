"""The full training of a recipe's student on all labelled rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill import family
from autodistill.arrays import Shard
from autodistill.pipeline import NONE, Pipeline
from autodistill.train.fit import FitPlan, Tick, fit, never
from autodistill.train.guidance import Guidance
from autodistill.train.live import live_teacher
from autodistill.train.mixing import mixing_of
from autodistill.train.parts import beside, count, shapes_of
from autodistill.train.trial import TrialData, Tutored, taught

NO_ROWS = np.zeros(0, dtype=np.int64)
TAIL = 0.5
"""The share of the steps at the end whose weights are averaged."""


@dataclass(frozen=True)
class Trained:
    """A student after its full training."""

    network: Any
    tokenizer: Path
    vocabulary: str
    seconds: float
    size: dict[str, float]


def train_in_full(
    data: TrialData,
    pipeline: Pipeline,
    *,
    epochs: int,
    seed: int,
    tick: Tick,
    views: Sequence[Shard] = (),
    tutored: Tutored | None = None,
) -> Trained:
    """Train on train and selection rows together, and on their views; no row is held back, nothing is chosen any more."""
    assert bool(views) == (pipeline.augmentation != NONE)
    torch.manual_seed(seed)
    student = family.build("students", pipeline.student.name, pipeline.student.knobs)
    words = data.vocabularies[student.vocabulary]
    network = student.build(data.backbone, words)
    shard, teacher = taught(data, student.vocabulary, tutored)
    changed = tuple(v.open() for v in views)
    plan = FitPlan(
        terms=pipeline.terms,
        optimizer=pipeline.optimizer,
        shapes=shapes_of(network, shard, pipeline.terms, teacher.heads),
        rows=np.arange(data.train_rows + data.selection_rows),
        selection=NO_ROWS,
        epochs=epochs,
        seed=seed,
        metric=data.metric,
        bfloat16=data.bfloat16,
        average=TAIL,
        views=changed,
        mixing=mixing_of(pipeline, teacher, words, seed),
        guidance=Guidance.of(pipeline),
        sampling=pipeline.sampling,
        **beside(pipeline),
        live=live_teacher(pipeline, (shard, *changed), teacher, words),
    )
    result = fit(network, shard, plan, never, tick)
    return Trained(network, words.folder, student.vocabulary, result.train_seconds, count(network))
