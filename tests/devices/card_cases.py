"""Studies and pipelines that bring every member of every family to a training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from autodistill.components.students import Backbone
from autodistill.components.students._networks import untrained
from autodistill.components.students._networks.residual import ResidualConfig
from autodistill.components.students._pixels import Look
from autodistill.datasets import Rows
from autodistill.datasets._images import named
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.registry import families
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.signals import Shard
from autodistill.training.trial_data import TrialData
from tests.fakes import bright_images, sentences, tiny_teacher
from tests.training.materials import materials

CE, KL = Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5)
PLAIN = Pipeline(Part("cut", {"keep": 0.5}), (CE, KL), Part("adamw", {"lr": 1e-3, "batch": 16}))
STAGES = {
    "mixups": "mixup",
    "targets": "target",
    "weightings": "weighting",
    "schedules": "schedule",
    "samplings": "sampling",
    "companions": "companion",
    "regularizers": "regularizer",
}
"""Families with at most one member in a pipeline, and its slot."""
NAMES = ("left", "middle", "right")
FAMILIES = ("losses", "connectors", "mappings", "optimizers", *STAGES, "students", "proxies")


def names() -> list[str]:
    """The cases: a family and a member, with the choice of a knob where it decides what runs."""
    found = [f"{family} {name}" for family in FAMILIES for name in families.names(family)]
    return [*found, "mixups embedding silent", "mixups embedding consistent"]


def pipeline_of(case: str) -> Pipeline:
    """A pipeline with the member of a case."""
    family, name, *teacher = case.split()
    match family:
        case "losses":
            return replace(PLAIN, terms=_with_loss(name))
        case "connectors":
            term = Term(Part("mse"), 0.1, Part("skip"), Part(name))
            return replace(PLAIN, terms=(CE, KL, term))
        case "mappings":
            return replace(PLAIN, terms=(CE, KL, Term(Part("mse"), 0.1, Part(name))))
        case "optimizers":
            return replace(PLAIN, optimizer=Part(name, {"batch": 16}))
        case "students":
            return replace(PLAIN, student=Part(name))
    part = Part(name, {"teacher": teacher[0]} if teacher else {})
    return replace(PLAIN, stages={STAGES[family]: part})


def is_of_images(case: str) -> bool:
    """Whether the member of a case is a student that reads images."""
    family, name, *_ = case.split()
    traits = families.card(family, name).traits
    return family == "students" and traits.get("reads") == "images"


def _with_loss(name: str) -> tuple[Term, ...]:
    match families.card("losses", name).traits["kind"]:
        case "hard":
            return (Term(Part(name), 0.5), KL)
        case "logit":
            return (CE, Term(Part(name), 0.5))
    return (CE, KL, Term(Part(name), 0.1, Part("skip")))


def of_texts(folder: Path) -> TrialData:
    """A tiny teacher and its signals on 76 texts."""
    pairs = sentences(76, seed=3)
    labels = np.array([("neg", "pos").index(label) for _, label in pairs])
    rows = Rows(tuple(text for text, _ in pairs), None, labels)
    folder.mkdir()
    teacher = tiny_teacher(folder / "teacher", steps=0)
    return materials(teacher, ("neg", "pos"), rows, 16, folder)


def of_images(folder: Path) -> TrialData:
    """A random teacher and its signals on 76 images of 8 by 8 pixels."""
    images, labels = bright_images(76)
    rows = Rows(tuple(map(named, images)), None, labels, np.arange(76), images)
    teacher = folder / "teacher"
    teacher.mkdir(parents=True)
    torch.manual_seed(0)
    config = ResidualConfig((1, 1, 1), (4, 8, 16), (16, 16), num_labels=3)
    untrained(config).save_pretrained(teacher)
    Look((16, 16), (0.5,) * 3, (0.5,) * 3).write(teacher)
    np.save(folder / "labels.npy", rows.labels)
    backbone, tokens = Backbone.of(teacher, NAMES, (0, 1, 2)), tokenize(teacher, rows, 64, folder)
    shown = record(backbone, "key", tokens, folder, device=CPU, tick=lambda *_: None)
    words = vocabularies(teacher, rows, 64, folder, held_out=16)
    shards = {
        name: Shard(tokenize(v.folder, rows, 64, folder), folder / "labels.npy", shown.folder)
        for name, v in words.items()
    }
    return TrialData(backbone, words, shards, 60, 16, "accuracy", CPU)
