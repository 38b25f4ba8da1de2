"""The names of `import autodistill as ad`: what they are, and that stub and guide agree."""

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import autodistill as ad
from tests.cli.test_import_time import SLOW
from tests.paths import ROOT

MOST_ENTRIES = 20
NAMES: list[str] = vars(ad)["__all__"]
HOMES: dict[str, str] = vars(ad)["_HOMES"]
GUIDE = ROOT / "docs/python.md"


def python(*words: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that finds this checkout."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=False
    )


def blocks() -> list[str]:
    """The guide's Python, in the order of reading."""
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_what_its_home_calls_by_that_name(name: str) -> None:
    home = HOMES[name]

    assert getattr(ad, name) is getattr(import_module(home), name)


def test_the_stub_says_each_name_once_and_nothing_else() -> None:
    stub = ast.parse((ROOT / "autodistill/__init__.pyi").read_text(encoding="utf-8"))

    kinds = {type(node) for node in stub.body}
    names = [a.asname for node in stub.body if isinstance(node, ast.ImportFrom) for a in node.names]
    assert kinds == {ast.ImportFrom}
    assert sorted(map(str, names)) == sorted(NAMES)
    assert len(set(names)) == len(names)


def test_completion_offers_every_public_name_before_any_is_used() -> None:
    ran = python("-c", "import autodistill as ad; print(set(ad.__all__) - set(dir(ad)))")

    assert ran.stdout.strip() == "set()", ran.stderr


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        _ = ad.serach  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_slow() -> None:
    ran = python("-X", "importtime", "-c", "import autodistill")

    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in ran.stderr.splitlines()}
    assert "autodistill" in imported  # the listing is one
    assert imported & (SLOW | {"rich", "typer", "pydantic", "cloudpickle"}) == set()


def test_verbs_are_not_hidden_by_the_rooms_of_their_names() -> None:
    verbs = ("search", "recommend", "report")
    rooms = ", ".join(f"autodistill.{verb}" for verb in verbs)
    code = (
        f"import {rooms}, autodistill as ad\n"
        f"for v in (getattr(ad, verb) for verb in {verbs}): print(v.__name__, callable(v))"
    )

    ran = python("-c", code)

    assert ran.stdout.splitlines() == [f"{verb} True" for verb in verbs], ran.stderr


def test_modules_of_a_room_are_imported_as_ever() -> None:
    code = (
        "import autodistill as ad; ad.search; "
        "from autodistill.search import loop as x; print(x.__name__)"
    )

    ran = python("-c", code)

    assert ran.stdout.strip() == "autodistill.search.loop", ran.stderr


def test_the_package_has_few_entries() -> None:
    entries = [p.name for p in (ROOT / "autodistill").iterdir() if p.name != "__pycache__"]

    assert len(entries) <= MOST_ENTRIES, sorted(entries)


def test_the_guide_names_every_public_name_and_no_other() -> None:
    text = GUIDE.read_text(encoding="utf-8")

    used = set(re.findall(r"\bad\.(\w+)", text))
    missing = [n for n in NAMES if not re.search(rf"\b{n}\b", text) and n != "__version__"]
    assert used - set(NAMES) == set()
    assert missing == []


def test_the_guide_is_short() -> None:
    assert len(GUIDE.read_text(encoding="utf-8").splitlines()) <= 170


SCRIPT = """
import pandas as pd
import numpy as np
from numpy.typing import NDArray
import autodistill as ad

def teacher(texts: list[str]) -> NDArray[np.float64]:
    return np.full((len(texts), 2), 0.5)

study = ad.Study(pd.DataFrame(), teacher=teacher, limits={"params": 5e6, "latency": "5ms"})
result: ad.SearchResult = ad.search(study, budget="20m")
frame: pd.DataFrame = result.leaderboard()
recipe: ad.Recipe = result.recommendation.recipe
recipe.save("recipe.toml")
model = ad.DistilledClassifier(budget="20m").fit(["a", "b"], [0, 1])
student: ad.Student = ad.train("recipe.toml", out="student")
labels: list[str] = student.predict(["a text"])
ad.Study((["a"], ["b"]))
plan: ad.Plan = ad.plan(study, budget="20m")
cards: dict[str, ad.Card] = ad.components("losses")
"""


def mypy(folder: Path, script: str) -> str:
    """The output of mypy, strict, on a script of a person's own."""
    (folder / "script.py").write_text(script, encoding="utf-8")
    env = {**os.environ, "MYPYPATH": str(ROOT)}
    words = ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "script.py"]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache"), *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout


@pytest.mark.slow
def test_a_script_of_a_persons_own_passes_mypy_strict(tmp_path: Path) -> None:
    said = mypy(tmp_path, SCRIPT)

    assert "Success" in said, said


@pytest.mark.slow
def test_mypy_sees_a_wrong_type_in_a_script_of_a_persons_own(tmp_path: Path) -> None:
    said = mypy(tmp_path, "import autodistill as ad\nad.search(ad.Study('x'), trials='many')\n")

    assert "script.py:2" in said
    assert "arg-type" in said
