"""The recipe of a teacher is chosen on a part of its training rows, and told in a line."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.components import teachers
from autodistill.prepare import teacher_choice
from autodistill.prepare.teacher_choice import choice_seconds, choose_recipe
from autodistill.prepare.tune_data import tune_data
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.runtime.progress import Stopwatch
from autodistill.runtime.workers import Ended, Reported
from autodistill.study.study import Study
from autodistill.training.teacher import TuneData
from autodistill.training.tuning import tuning
from autodistill.training.tuning_choice import Candidate
from tests.screens import Heard

SCORES = {0: 0.5, 1: 0.6, 2: 0.9, 3: 0.8, 4: 0.4, 5: 0.3}


class Pool:
    """Workers of which each has a score in mind for the recipe of this number."""

    asked: list[Candidate] = []

    def __init__(self, *_: Any, **__: Any) -> None:
        """Nothing runs."""

    def events_of(self, waiting: Sequence[Candidate], _: float) -> Iterator[Reported | Ended]:
        """A report and an end of each run."""
        for each in waiting:
            Pool.asked.append(each)
            yield Reported(each.number, 2, 4.0, lambda _: None)
            yield Ended(each.number, "done", {"accuracy": SCORES[each.number]}, "", 1.0)


@pytest.fixture
def workspace(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A study whose teacher is to be tuned, in a home of its own."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    opened = open_workspace(Study(str(reviews), str(teacher), rows=200), Stopwatch(), None)
    return replace(opened, found=replace(opened.found, tuned=False))


@pytest.fixture
def data(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TuneData:
    """Its inputs, with workers that train nothing."""
    monkeypatch.setattr(teacher_choice, "LocalWorkers", Pool)
    monkeypatch.setattr(Pool, "asked", [])
    return tune_data(workspace, tmp_path)


def test_the_best_two_of_a_short_round_are_trained_whole(data: TuneData) -> None:
    screen = Heard()

    chosen = choose_recipe(data, screen, "teacher   tiny: recipes")

    assert [c.number for c in Pool.asked] == [0, 1, 2, 3, 4, 5, 2, 3]
    assert [c.tuning.epochs for c in Pool.asked[-2:]] == [5, 10]
    assert chosen.optimizer.knobs["lr"] == 2 * data.tuning.optimizer.knobs["lr"]
    (line,) = screen.lines
    assert line.startswith("teacher   tiny: recipes: 6 tried on 150 rows in 0 s; another is taken")
    assert "accuracy 0.900 on 50 others" in line


def test_runs_that_ended_before_an_interruption_are_not_made_again(
    data: TuneData, tmp_path: Path
) -> None:
    known = {f"{n}: {2 if n != 3 else 5} epochs": score for n, score in SCORES.items()}
    (tmp_path / "tried.json").write_text(json.dumps(known), encoding="utf-8")

    choose_recipe(data, Heard(), "recipes")

    assert [c.number for c in Pool.asked] == [2, 3]


def test_only_sets_that_are_neither_tiny_nor_large_are_worth_it() -> None:
    known = [choice_seconds(rows, tuning(rows), 10.0) < 1e9 for rows in (50, 100, 5000, 5001)]

    assert known == [False, True, True, False]


def test_a_teacher_of_a_chosen_recipe_is_used_wherever_there_is_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    chooses = replace(workspace, chooses=True)
    default, chosen = workspace.tuned_folder, chooses.tuned_folder
    assert default is not None
    assert chosen is not None
    assert default != chosen

    default.mkdir(parents=True)
    assert (workspace.tuned_folder, chooses.tuned_folder) == (default, chosen)

    chosen.mkdir()
    assert (workspace.tuned_folder, chooses.tuned_folder) == (chosen, chosen)


@pytest.mark.long
def test_a_search_with_time_enough_tries_recipes_and_tunes_by_the_chosen_one(
    reviews: Path, teacher: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.commands import run_cli

    find: Callable[..., teachers.Found] = teachers.find
    monkeypatch.setattr(teachers, "find", lambda *a: replace(find(*a), tuned=False))
    monkeypatch.setenv("AUTODISTILL_HOME", str(folder / "home"))
    asked = ("--dataset", reviews, "--teacher", teacher, "--rows", 150, "--trials", 3)

    ran = run_cli("search", *asked, "--budget", "1h", "--workers", 2)

    assert ran.code == 0, ran.err
    assert "to try recipes" in ran.err
    assert "recipes: 6 tried on 113 rows" in ran.err
    assert len(list((folder / "home" / "teachers").glob("*/model.safetensors"))) == 1
