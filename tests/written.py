"""Folders of tiny students, as `run` writes them, without any training."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._pixels import Look
from autodistill.datasets import Rows
from autodistill.deploy.folder import write_folder
from autodistill.prepare.tokens import vocabularies
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study
from tests.fakes import sentences
from tests.students import tiny_student

THIRDS = ("left", "middle", "right")
SMALL: dict[str, dict[str, Any]] = {
    "scratch": {"layers": 1, "width": 64},
    "factorised": {"layers": 1, "width": 64},
    "residual": {"width": 4},
    "vit": {"layers": 1, "width": 32},
}
"""Knobs that keep a student small, by its name."""
TOKENS = 48


def reads_images(kind: str) -> bool:
    """Whether a student of this kind reads images."""
    return families.card("students", kind).traits.get("reads") == "images"


def write_student(
    kind: str, folder: Path, teacher: Path, dataset: object = "", **knobs: Any
) -> Path:
    """The folder of an untrained student; `dataset` is what its recipe says that it learned."""
    torch.manual_seed(0)
    folder.mkdir()
    network, words = (
        _images(kind, folder) if reads_images(kind) else _texts(kind, folder, teacher, knobs)
    )
    write_folder(folder, network.eval(), words.folder, TOKENS)
    if dataset:
        student = Part(kind, {} if kind == "checkpoint" else knobs)
        pipeline = Pipeline(student, (Term(Part("ce"), 1.0),), Part("adamw", {"lr": 1e-3}))
        study = Study(str(dataset), str(teacher), metric="accuracy", max_length=TOKENS)
        Recipe(study, pipeline, epochs=1).save(folder / "recipe.toml")
        (folder / "metrics.json").write_text(json.dumps({"latency_tokens": 12, "params": 1}))
    return folder


def _texts(kind: str, folder: Path, teacher: Path, knobs: dict[str, Any]) -> tuple[Any, Vocabulary]:
    rows = Rows(tuple(t for t, _ in sentences(40, seed=4)), None, np.zeros(40, dtype=np.int64))
    if kind == "checkpoint":
        own = tiny_student(folder.with_name(f"{folder.name}-network"), "bert", num_hidden_layers=1)
        knobs, teacher = knobs | {"network": str(own)}, own
    home = folder.with_name(f"{folder.name}-home")
    words = vocabularies(teacher, rows, TOKENS, home)["covering"]
    backbone = Backbone(teacher, ("neg", "pos"), (0, 1), 2, 32)
    return families.build("students", kind, SMALL.get(kind, {}) | knobs).build(
        backbone, words
    ), words


def _images(kind: str, folder: Path) -> tuple[Any, Vocabulary]:
    place = folder.with_name(f"{folder.name}-look")
    place.mkdir()
    Look((8, 8), (0.3,) * 3, (0.2,) * 3).write(place)
    words = Vocabulary(place, None, 0, 0)
    backbone = Backbone(place, THIRDS, (), 3, 64)
    return families.build("students", kind, SMALL.get(kind, {})).build(backbone, words), words
