"""Optuna's private names stand in one module, and a search goes on without them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.samplers import TPESampler
from optuna.storages import RDBStorage

from autodistill.search import optuna_private
from autodistill.search.ask_tell import AskTell
from autodistill.study.results import StudyResult, Trial
from autodistill.study.space_file import read_space
from autodistill.study.study import Study
from tests.paths import ROOT

SPACE = read_space(ROOT / "search_spaces" / "quick.toml")
HIDDEN = """
import sys
import optuna
import optuna.samplers, optuna.storages
sys.modules["optuna.samplers._tpe.sampler"] = None
sys.modules["optuna.search_space.group_decomposed"] = None
sys.modules["optuna.storages._cached_storage"] = None
sys.modules["optuna.storages._rdb.storage"] = None
from tests.search.test_optuna_private import search
from autodistill.search import optuna_private
print(optuna_private.AVAILABLE, len(search(sys.argv[1], runs=16)))
"""
"""A program in which Optuna still works and its private modules cannot be imported."""


def search(url: str, runs: int) -> list[dict[str, Any]]:
    """Parameters of so many runs, some of them over a limit, two of them open at once."""
    now = AskTell("s", SPACE, url, seed=0, history=StudyResult(Study("a.csv"), ()))
    opened = []
    for number in range(runs):
        asked = now.ask(0.1)
        opened.append(asked)
        now.note_cost(asked.number, {"params": 5e6}, {"params": 4e6 + number % 3 * 1e6})
        if len(opened) == 2:
            ended = opened.pop(0)
            score = 0.5 + ended.number % 7 / 20
            now.report(ended.number, 1, score)
            now.tell(
                Trial(
                    ended.number,
                    ended.pipeline,
                    ended.repeat,
                    "complete",
                    score,
                    baseline=ended.baseline,
                )
            )
    return [t.params for t in now.study.get_trials()]


def test_nothing_is_missing_in_the_optuna_of_these_tests() -> None:
    assert optuna_private.missing() == ()
    assert optuna_private.AVAILABLE


def test_a_name_that_is_gone_or_is_called_otherwise_is_missing() -> None:
    used = (
        (lambda: TPESampler, "_sample", ("self", "study", "trial", "search_space")),
        (lambda: TPESampler, "_no_such_name", optuna_private.ANY),
        (lambda: RDBStorage, "get_trial", ("self", "other")),
        (lambda: None, "anything", optuna_private.ANY),
    )

    assert optuna_private.missing(used) == ("_no_such_name", "get_trial", "anything")


def test_the_public_sampler_and_storage_make_the_same_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = search(f"sqlite:///{tmp_path / 'own.db'}", runs=20)
    monkeypatch.setattr(optuna_private, "AVAILABLE", False)

    public = search(f"sqlite:///{tmp_path / 'public.db'}", runs=20)

    assert public == own
    assert any(own)


@pytest.mark.slow
def test_a_search_runs_where_optunas_private_modules_are_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HIDDEN, f"sqlite:///{tmp_path / 'a.db'}"]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.stdout.split() == ["False", "16"], ran.stderr


def test_a_trial_without_its_private_number_is_found_in_the_storage(tmp_path: Path) -> None:
    study = optuna.create_study(
        study_name="s", storage=RDBStorage(f"sqlite:///{tmp_path / 'a.db'}")
    )
    study.ask()
    trial = study.ask()
    known = optuna_private.trial_id(trial, study, trial.storage)

    del trial._trial_id

    assert optuna_private.trial_id(trial, study, trial.storage) == known


def private_names() -> set[str]:
    """Every name with one underscore that Optuna's own objects have.

    They are the sampler, storages, study and trial, and the module of the TPE.
    """
    study = optuna.create_study()
    owners = (optuna_private._sampler(), optuna_private._storage(), RDBStorage, study, study.ask())
    return {
        name
        for owner in (*owners, vars(optuna_private)["tpe"])
        for name in dir(owner)
        if name.startswith("_") and not name.startswith("__")
    }


def uses(tree: ast.Module) -> Iterator[str]:
    """Private names of Optuna that a module imports, reads or overrides."""
    private = private_names()
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("optuna"):
                path = [*module.split("."), *(alias.name for alias in names)]
                yield from (part for part in path if part.startswith("_"))
            case ast.Import(names=names):
                paths = [alias.name.split(".") for alias in names]
                yield from (
                    p for path in paths for p in path[1:] if path[0] == "optuna" and p[0] == "_"
                )
            case ast.Attribute(attr=name) | ast.FunctionDef(name=name) if name in private:
                yield name


def test_no_other_module_uses_a_private_name_of_optuna() -> None:
    found = {
        path.name: names
        for folder in ("autodistill", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "optuna" in (source := path.read_text(encoding="utf-8"))
        and path.name != "optuna_private.py"
        and (names := sorted(set(uses(ast.parse(source)))))
    }

    assert found == {}


def test_the_module_of_private_names_would_be_found() -> None:
    source = Path(optuna_private.__file__).read_text(encoding="utf-8")

    assert {"_tpe", "_split_trials", "_rng", "_backend", "_sample"} <= set(uses(ast.parse(source)))
