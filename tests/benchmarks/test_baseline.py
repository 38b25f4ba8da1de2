"""The comparison as a whole, and autodistill's side of it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.search import loop
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.results import Trial
from autodistill.study.study import Budget, Study
from benchmarks.baseline import SPACE, compare, figures
from benchmarks.baseline.ours import STUDY, Ours
from benchmarks.baseline.rows import write_rows
from benchmarks.baseline.script import Answer, Ask
from benchmarks.baseline.stages import Stage
from tests.commands import run_cli
from tests.paths import ROOT

PLAIN = Pipeline(
    Part("cut", {"keep": 0.34, "pick": "ends"}),
    (Term(Part("ce"), 1.0),),
    Part("adamw", {"lr": 1e-3}),
)


@pytest.fixture
def ask(root: Path, classifier: Path) -> Ask:
    return Ask("glue/sst2", root, classifier, 200, (1,), 16, 4, seeds=2, threads=1, cache=False)


@pytest.fixture
def ours(ask: Ask, tmp_path: Path) -> Ours:
    return Ours(ask, write_rows(ask, tmp_path / "rows"), SPACE, tmp_path, seed=0)


def measure(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """`python -m benchmarks baseline WORDS`."""
    command = [sys.executable, "-m", "benchmarks", "baseline", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_the_comparison_ends_with_both_curves_and_one_line_of_figures(
    folder: Path, root: Path, classifier: Path, fake: Path
) -> None:
    common = (
        "--teacher",
        classifier,
        "--root",
        root,
        "--rows",
        200,
        "--layers",
        1,
        "--seeds",
        2,
        "--threads",
        1,
        "--budget",
        "4s",
    )

    done = measure(folder, *common, "--script", fake, "--out", "first")

    assert done.returncode == 0, done.stderr
    assert "Best score so far" in done.stderr
    assert len(done.stdout.splitlines()) == 1
    found = json.loads(done.stdout)
    stage = found["stages"][0]
    assert found["reached"] is True
    assert stage["test_mean"] >= 0.6
    assert stage["within_noise"] is False
    assert found["times_fewer"] == pytest.approx(
        1000 / found["seconds"], rel=0.01
    )  # both are rounded
    assert found["seconds_with_one_training"]["autodistill"] > found["seconds"]
    assert found["baseline_curve"] == [[400, 0.7], [900, 0.65]]
    assert all(0 < seconds < found["seconds"] for seconds, _ in found["curve"])
    again = measure(folder, *common, "--naive-result", "first/naive.json", "--trials", 17)
    assert again.returncode == 2
    assert "trials was 16, now it is 17" in again.stderr


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"script": None}, "no --script is given"),
        ({"script": Path("nowhere.py")}, r"--script nowhere\.py: no such file"),
        ({"teacher": "reviews.csv"}, "soft labels have no layers"),
        ({"out": ROOT}, "is not an empty folder"),
        (
            {"space": ROOT / "search_spaces" / "text.toml"},
            r"the student is not fixed \(student, student\.cut\.keep",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(
    ask: Ask, folder: Path, fake: Path, classifier: Path, changes: dict[str, Any], message: str
) -> None:
    (folder / "reviews.csv").write_text("text,neg,pos\ngood,0,1\n")
    given: dict[str, Any] = {
        "teacher": str(classifier),
        "script": fake,
        "result": None,
        "budget_seconds": 1.0,
        "seed": 0,
        "out": None,
    }

    with pytest.raises(SpecError, match=message):
        compare(ask, **{**given, **changes})


def test_layers_that_the_space_does_not_keep_are_refused_before_anything_runs(
    root: Path, classifier: Path, tmp_path: Path
) -> None:
    asked = Ask("glue/sst2", root, Path(), 200, (0, 1), 16, 4, seeds=2, threads=1, cache=False)
    (tmp_path / "never.py").write_text("open('ran', 'w')")

    with pytest.raises(
        SpecError, match=r"--layers 0,1: baseline\.toml keeps layers 1 of this teacher's 2"
    ):
        compare(
            asked,
            str(classifier),
            script=tmp_path / "never.py",
            result=None,
            budget_seconds=1,
            seed=0,
            out=tmp_path / "out",
        )

    assert list((tmp_path / "out").iterdir()) == []


def test_the_space_has_the_losses_of_quick() -> None:
    own, quick = spaces.space(str(SPACE)), spaces.space("quick")

    assert {k: v for k, v in own.slots.items() if k != "student"} == {
        k: v for k, v in quick.slots.items() if k != "student"
    }
    assert (own.weights, own.defaults) == (quick.weights, quick.defaults)


def test_the_search_command_is_one_that_the_command_line_takes(
    ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def search(*given: object, workers: int, **_: object) -> None:
        seen.extend((*given, workers))
        raise SystemExit(0)

    monkeypatch.setattr(loop, "search", search)
    monkeypatch.setattr(Ours, "_autodistill", lambda _, *words: float(run_cli(*words).code + 5))

    seconds = ours.search(60.0)

    study, budget, workers = seen
    assert seconds == ours.spent == 5
    assert (study.dataset, study.teacher, study.space) == (
        str(ours.dataset),
        str(ours.ask.teacher),
        str(SPACE),
    )
    assert (study.rows, study.metric, study.max_length) == (200, "accuracy", 128)
    assert (budget, workers) == (Budget(None, 60.0, 0.25), 1)


def test_a_recipe_is_scored_once_per_seed_and_not_trained_again(ours: Ours) -> None:
    study = Study(str(ours.dataset), teacher=str(ours.ask.teacher), space=str(SPACE), rows=200)
    Recipe(study, PLAIN, epochs=4).save(ours.place / "recipe.toml")

    text, scores = ours.evaluate()

    assert text == str(PLAIN)
    assert len(scores) == 2
    assert min(scores) > 0.6
    assert (ours.place / "home" / "signals").is_dir()
    ours.known[PLAIN.key] = (0.25,)
    assert ours.evaluate()[1] == (0.25,)


def test_the_curve_counts_the_seconds_of_all_commands_and_nothing_between_them(ours: Ours) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    ours.starts = [(noon, 0.0), (noon + timedelta(hours=1), 70.0)]
    moments = iter([noon, *(noon + timedelta(seconds=s) for s in (20, 30, 40, 3605, 3606))])
    store = Store(str(ours.place / "autodistill.db"), clock=lambda: next(moments))
    store.begin(Study("glue/sst2"), {}, name=STUDY)
    for number, (status, baseline, score) in enumerate(
        [
            ("complete", "", 0.7),
            ("stopped", "", 0.4),
            ("complete", "alone", 0.9),
            ("complete", "", 0.8),
            ("complete", "", 0.75),
        ]
    ):
        store.add(STUDY, Trial(number, PLAIN, number, status, score, baseline=baseline))

    assert ours.curve() == [(20, 0.7), (75, 0.8), (76, 0.75)]


def test_figures_tell_seconds_ratio_and_distance(ask: Ask) -> None:
    args = {
        "args": {"seeds": 2},
        "wall_seconds": 1040,
        "search_seconds": 1000,
        "kd_test": (0.8, 0.01),
        "curve": [(400, 0.8)],
    }
    stages = (Stage(60, 75, "a", (0.7, 0.72)), Stage(120, 150, "b", (0.8, 0.82)))

    found = figures(
        ask, Answer.model_validate(args), stages, training_seconds=50, fewer_rows=(0.78, 0.8)
    )

    assert (found["reached"], found["seconds"], found["times_fewer"]) == (True, 150, 6.67)
    assert found["seconds_with_one_training"] == {"baseline": 1020, "autodistill": 200}
    assert found["times_fewer_with_one_training"] == 5.1
    assert found["trained_without_selection_rows"]["test_mean"] == pytest.approx(0.79)
    assert [s["within_noise"] for s in found["stages"]] == [False, True]
    assert found["stages"][0]["difference"] == pytest.approx(-0.09)


def test_a_score_that_is_not_reached_gives_no_ratio(ask: Ask) -> None:
    args = {"args": {"seeds": 2}, "search_seconds": 1000, "kd_test": (0.8, 0.01), "curve": []}

    found = figures(
        ask,
        Answer.model_validate(args),
        (Stage(60, 75, "a", (0.7, 0.72)),),
        training_seconds=1,
        fewer_rows=(0.7,),
    )

    assert found["reached"] is False
    assert not [key for key in found if key.startswith("times_fewer")]
