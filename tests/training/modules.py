"""A student of the tiny study, and the module that trains it."""

from typing import Any

import numpy as np
import torch

from autodistill.components.optimizers.adamw import AdamW
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.batches import Batch, load_batch
from autodistill.training.live_teacher import live_teacher
from autodistill.training.module import Distill
from autodistill.training.shapes import shapes_of
from autodistill.training.trial_data import TrialData

HALF = Part("cut", {"keep": 0.5})


def student_of(data: TrialData, part: Part) -> Any:
    """A student without dropout, so that two passes are equal."""
    torch.manual_seed(0)
    student = families.build("students", part.name, part.knobs)
    return student.build(data.backbone, data.vocabularies[student.vocabulary]).eval()


def module_of(data: TrialData, *terms: Term, student: Part = HALF) -> tuple[Distill, Batch]:
    """The module, and the first eight rows."""
    network, shard = student_of(data, student), data.shards["trimmed"].open()
    made = Pipeline(student, terms, Part("adamw"))
    live = live_teacher(made, [shard], data.backbone, data.vocabularies["trimmed"])
    module = Distill(
        network, terms, shapes_of(network, shard, terms, 4), AdamW(), steps=10, live=live
    )
    return module, load_batch(shard, np.arange(8), module.recorded)
