"""Shared by the tests of mixup: fixed mixes, rows, a module."""

from typing import Any

import numpy as np
import torch

from autodistill.components.mixups import Mix
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import Batch, load_batch
from autodistill.training.guidance import Guidance
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.mixed_module import MixedDistill
from autodistill.training.mixing import Mixing
from autodistill.training.signals import SignalRequest
from autodistill.training.trial_data import TrialData
from tests.training.modules import student_of

PARTNER = torch.tensor([3, 0, 5, 1, 7, 2, 4, 6])
SHARE = torch.tensor([0.7, 1.0, 0.2, 0.5, 1.0, 0.0, 0.9, 0.4])
KEEP_ALL = Mix(PARTNER, torch.ones(8))
WHOLE = Part("cut", {"keep": 1.0})
TERMS = (
    Term(Part("ce"), 0.5),
    Term(Part("kl", {"temperature": 2.0}), 0.5),
    Term(Part("mse"), 0.5, Part("skip")),
)


class Fixed:
    """A mixup that always draws the same."""

    place = "embedding"

    def __init__(self, mix: Mix, teacher: str = "interpolate") -> None:
        self.mix, self.teacher = mix, teacher

    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        assert rows == len(self.mix.share)
        return self.mix


def rows_of(
    data: TrialData, vocabulary: str = "trimmed", layers: tuple[int, ...] = (0, 1, 2)
) -> Batch:
    """The first eight rows; their lengths differ."""
    batch = load_batch(data.shards[vocabulary].open(), np.arange(8), SignalRequest(layers))
    assert len(set(batch.mask.sum(1).tolist())) > 2
    return batch


def pipeline_of(teacher: str, **knobs: Any) -> Pipeline:
    """Half of a batch mixed."""
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 16})
    return Pipeline(Part("cut", {"keep": 0.5}), TERMS, optimizer).with_stages(
        mixup=Part("embedding", {"teacher": teacher, **knobs})
    )


def module_of_mix(
    data: TrialData, mixup: Any, *terms: Term, vocabulary: str = "trimmed"
) -> MixedDistill:
    """A student that is the whole teacher, without dropout."""
    from autodistill.components.optimizers.adamw import AdamW
    from autodistill.training.shapes import shapes_of

    student = student_of(data, Part("cut", {"keep": 1.0, "vocabulary": vocabulary}))
    teacher = (
        LiveTeacher(data.backbone, data.vocabularies[vocabulary])
        if mixup.teacher == "consistent"
        else None
    )
    shapes = shapes_of(student, data.shards[vocabulary].open())
    return MixedDistill(
        student,
        terms,
        shapes,
        AdamW(),
        10,
        Guidance(),
        Mixing(mixup, teacher, np.random.default_rng(0)),
    )
