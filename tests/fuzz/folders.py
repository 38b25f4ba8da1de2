"""Folders: teachers, and published studies."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autodistill import datasets
from autodistill.components import teachers
from autodistill.components.students import Backbone
from autodistill.prepare.labels import match
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize
from autodistill.recommend.contributed import add
from autodistill.runtime.device import CPU
from tests.fuzz.area import Area
from tests.fuzz.mutations import damaged

TEACHER = ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")
PUBLISHED = ("study.toml", "outcomes.csv", "guesses.csv")


def _one_of(folder: Path, names: Sequence[str]) -> st.SearchStrategy[Any]:
    """A file of a folder by name, damaged; None: gone."""
    return st.one_of(
        *(
            st.tuples(st.just(name), st.one_of(damaged([(folder / name).read_bytes()]), st.none()))
            for name in names
            if (folder / name).exists()
        )
    )


def _with(value: tuple[str, bytes | None], source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    name, data = value
    if data is None:
        (target / name).unlink()
    else:
        (target / name).write_bytes(data)
    return target


def _teacher(value: tuple[str, bytes | None], good: Path, folder: Path) -> None:
    found = teachers.find(str(_with(value, good / "teacher", folder / "teacher")))
    task = datasets.load(str(good / "reviews.csv"))
    order = match(found.label_names, task.label_names, found.name)
    some = task.train.take(range(8))
    tokens = tokenize(found.folder, some, 32, folder / "home")
    backbone = Backbone.of(found.folder, task.label_names, order)
    record(backbone, found.key, tokens, folder / "home", device=CPU, tick=lambda *_: None)


def _published(value: tuple[str, bytes | None], good: Path, folder: Path) -> None:
    source = _with(value, good / "published", folder / "theirs")
    add(str(source), folder / "studies")


AREAS = (
    Area("teacher folders", lambda good: _one_of(good / "teacher", TEACHER), _teacher),
    Area("published studies", lambda good: _one_of(good / "published", PUBLISHED), _published),
)
