"""Files that a person writes: recipes, spaces, plans, dashboards, tables, probabilities."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autodistill import datasets
from autodistill.components import teachers
from autodistill.prepare.soft_labels import probabilities
from autodistill.registry.ranges import random_ask
from autodistill.report.build import read_dashboard
from autodistill.search.campaign_plan import read_plan
from autodistill.study.recipe import Recipe
from autodistill.study.space_file import read_space
from tests.fuzz.area import Area
from tests.fuzz.mutations import damaged
from tests.paths import ROOT


def _read(paths: Sequence[Path]) -> list[bytes]:
    return [p.read_bytes() for p in paths]


def _recipe(data: bytes, good: Path, folder: Path) -> None:
    path = folder / "recipe.toml"
    path.write_bytes(data)
    recipe = Recipe.load(path)
    recipe.save(folder / "again.toml")
    assert Recipe.load(folder / "again.toml").pipeline == recipe.pipeline


def _space(data: bytes, good: Path, folder: Path) -> None:
    path = folder / "space.toml"
    path.write_bytes(data)
    read_space(path).sample(random_ask(random.Random(0)))


def _plan(data: bytes, good: Path, folder: Path) -> None:
    path = folder / "plan.toml"
    path.write_bytes(data)
    read_plan(path)


def _dashboard(data: bytes, good: Path, folder: Path) -> None:
    path = folder / "dashboard.toml"
    path.write_bytes(data)
    read_dashboard(str(path))


def _table(value: tuple[str, bytes], good: Path, folder: Path) -> None:
    name, data = value
    path = folder / name
    path.write_bytes(data)
    task = datasets.load(str(path))
    assert len(task.train) > 0
    assert all("\x00" not in n for n in task.label_names)


def _tables(good: Path) -> st.SearchStrategy[Any]:
    kinds = ("reviews.csv", "reviews.tsv", "reviews.jsonl", "reviews.parquet")
    return st.one_of(
        *(st.tuples(st.just(name), damaged([(good / name).read_bytes()])) for name in kinds)
    )


def _soft(value: tuple[str, bytes], good: Path, folder: Path) -> None:
    name, data = value
    path = folder / name
    path.write_bytes(data)
    shutil.copy(good / "reviews.csv", folder)
    task = datasets.load(str(folder / "reviews.csv"))
    found = probabilities(
        teachers.find(str(path)).labels_file or path, task.known, task.label_names
    )
    assert found.shape == (len(task.known), task.classes)
    assert ((found >= 0) & (found <= 1)).all()


def _softs(good: Path) -> st.SearchStrategy[Any]:
    return st.one_of(
        *(
            st.tuples(st.just(name), damaged([(good / name).read_bytes()]))
            for name in ("soft.csv", "soft.tsv")
        )
    )


AREAS = (
    Area("recipe files", lambda good: damaged(_read([good / "recipe.toml"])), _recipe),
    Area(
        "space files",
        lambda good: damaged(_read(sorted((ROOT / "search_spaces").glob("*.toml")))),
        _space,
    ),
    Area("plan files", lambda good: damaged(_read([ROOT / "studies" / "knowledge.toml"])), _plan),
    Area(
        "dashboard files",
        lambda good: damaged(_read(sorted((ROOT / "dashboards").glob("*.toml")))),
        _dashboard,
    ),
    Area("data files", _tables, _table),
    Area("soft labels", _softs, _soft),
)
