"""A pipeline made ready to be fitted: student, rows with whoever teaches, plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.students import Backbone, Vocabulary
from autodistill.registry import families
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.training.fit_plan import FitPlan
from autodistill.training.guidance import Guidance
from autodistill.training.hooks import hooks_of
from autodistill.training.live_teacher import live_teacher
from autodistill.training.mixing import mixing_of
from autodistill.training.shapes import beside, shapes_of
from autodistill.training.signals import OpenShard, Shard
from autodistill.training.streams import NO_POOL, Pool
from autodistill.training.trial_data import TrialData, TutorSignals


@dataclass(frozen=True)
class Made:
    """The inputs of `fit`, and the vocabulary that the student reads."""

    network: Any
    words: Vocabulary
    vocabulary: str
    shard: OpenShard
    plan: FitPlan


def make(
    data: TrialData,
    pipeline: Pipeline,
    *,
    rows: NDArray[np.int64],
    selection: NDArray[np.int64],
    epochs: int,
    seed: int,
    views: Sequence[Shard] = (),
    tutored: TutorSignals | None = None,
    shuffled: bool = False,
    average: float = 0.0,
    visits: int = 0,
) -> Made:
    """Build the student from torch's generator, seeded here.

    `visits` of rows make an epoch, 0: as many as there are labelled ones. `shuffled` gives each row
    the teacher's answer to another one.
    """
    assert bool(views) == ("augmentation" in pipeline.stages)
    torch.manual_seed(seed)
    student = families.build("students", pipeline.student.name, pipeline.student.knobs)
    vocabulary = data.words_of(student)
    words = data.vocabularies[vocabulary]
    network = student.build(data.backbone, words)
    shard, teacher = _taught(data, vocabulary, tutored)
    shard = _shuffled(shard, seed) if shuffled else shard
    changed = tuple(v.open() for v in views)
    plan = FitPlan(
        terms=pipeline.terms,
        optimizer=pipeline.optimizer,
        shapes=shapes_of(network, shard, pipeline.terms, teacher.heads),
        rows=rows,
        selection=selection,
        epochs=epochs * student.passes,
        seed=seed,
        metric=data.metric,
        device=data.device,
        average=average,
        views=changed,
        mixing=mixing_of(pipeline, teacher, words, seed),
        guidance=Guidance.of(pipeline),
        sampling=pipeline.stage("sampling"),
        visits=visits,
        pool=_pool(data, pipeline),
        **beside(pipeline),
        hooks=hooks_of(pipeline),
        live=live_teacher(pipeline, (shard, *changed), teacher, words),
    )
    return Made(network, words, vocabulary, shard, plan)


def _pool(data: TrialData, pipeline: Pipeline) -> Pool:
    """The unlabelled rows, where the pipeline visits any."""
    if (transfer := pipeline.stage("transfer")) == NONE:
        return NO_POOL
    return Pool(np.arange(data.labelled_rows, data.labelled_rows + data.pool_rows), transfer)


def _shuffled(shard: OpenShard, seed: int) -> OpenShard:
    """Each row with the teacher's answer to another one."""
    return replace(shard, teacher_rows=np.random.default_rng(seed).permutation(len(shard.labels)))


def _taught(
    data: TrialData, vocabulary: str, tutored: TutorSignals | None
) -> tuple[OpenShard, Backbone]:
    """The rows with the signals of whoever teaches, and the network that is asked live."""
    shard = data.shards[vocabulary]
    if tutored is None:
        return shard.open(), data.backbone
    return replace(shard, signals=tutored.signals).open(), tutored.backbone
