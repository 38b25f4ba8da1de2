"""Plans from a few timed steps: what is known already costs nothing, and nothing is left behind."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from autodistill.datasets import load
from autodistill.prepare.materials import prepare
from autodistill.prepare.word_vectors import make_word_vectors
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen
from autodistill.search.forecast import forecast, some_pipelines
from autodistill.search.plan_lines import lines
from autodistill.study.space_file import read_space
from autodistill.study.study import Budget, Study
from tests.commands import files_in, run_cli
from tests.paths import ROOT

SPACES = ROOT / "search_spaces"


@pytest.fixture
def question(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Study:
    """A small study with a cache folder of its own."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    return Study(str(reviews), str(teacher))


def test_a_plan_keeps_within_the_budget_and_foresees_the_teacher(question: Study) -> None:
    workspace = open_workspace(question, Screen(), None)

    plan = forecast(workspace, Budget(seconds=60.0), workers=2).plan

    assert plan.recording_seconds > 0
    assert plan.tuning_seconds == 0
    assert 0 < plan.search_seconds <= 60
    assert plan.runs > 1
    assert (
        plan.disk_bytes > 320 * 3 * 32 * 2
    )  # three layers of width 32, two bytes each, for 320 known rows


def test_word_vectors_are_planned_until_they_are_on_disk(question: Study) -> None:
    workspace = open_workspace(replace(question, space="sizes"), Screen(), None)

    before = forecast(workspace, Budget(trials=5), workers=1).plan
    make_word_vectors(workspace, Screen())
    after = forecast(workspace, Budget(trials=5), workers=1).plan

    assert before.words_seconds > 0 == after.words_seconds
    assert ("to read its vocabulary" in lines(before)[0], "vocab" in lines(after)[0]) == (
        True,
        False,
    )


def test_every_run_of_a_survey_is_planned_in_full(question: Study) -> None:
    plan = forecast(
        open_workspace(replace(question, survey=True), Screen(), None), Budget(trials=20), workers=1
    ).plan

    assert plan.search_seconds == pytest.approx(20 * plan.trial_seconds)
    assert plan.fresh_seeds == 0


def test_a_plan_says_whether_tokens_are_recorded_or_asked_for(
    question: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(replace(question, space="everything"), Screen(), None)

    told = []
    for limit in ("4", "0"):
        monkeypatch.setenv("AUTODISTILL_TOKEN_GB", limit)
        plan = forecast(workspace, Budget(trials=5), workers=1).plan
        told.append(("\n".join(lines(plan)), plan.disk_bytes))

    assert set(plan.by_token) == {"tokens", "projections"}
    assert "plan      states of every token: recorded when a recipe first uses them" in told[0][0]
    assert (
        "queries, keys and values of every token: "
        "0.0 GB, over AUTODISTILL_TOKEN_GB=0: the teacher runs at every step" in told[1][0]
    )
    assert told[0][1] - told[1][1] == sum(plan.by_token.values())
    assert not forecast(
        open_workspace(question, Screen(), None), Budget(trials=5), workers=1
    ).plan.by_token  # quick looks at none


def test_answers_on_disk_cost_nothing_and_the_timed_sample_leaves_nothing(question: Study) -> None:
    workspace = open_workspace(question, Screen(), None)
    prepare(workspace, Screen())
    before = files_in(cache.home())

    plan = forecast(workspace, Budget(trials=5), workers=1).plan

    assert plan.teacher_seconds == 0
    assert plan.runs == 5
    assert files_in(cache.home()) == before
    assert lines(plan)[0] == "plan      teacher: all its predictions are on disk, 0 s"


def test_a_plan_asks_the_teacher_little_about_unlabelled_rows(
    question: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("autodistill.search.forecast")
    asked, real = list[int](), module.materials

    def noted(sample: Workspace, *rest: Any) -> Any:
        asked.append(sample.task.pool_rows)
        return real(sample, *rest)

    monkeypatch.setattr(module, "materials", noted)
    workspace = open_workspace(replace(question, rows=40, rest_unlabelled=True), Screen(), None)
    for wanted in (50, 200):
        monkeypatch.setattr(module, "SAMPLE_ROWS", (wanted, wanted))
        forecast(workspace, Budget(trials=5), workers=1)

    assert workspace.task.pool_rows > 160
    assert asked == [module.TIMED_POOL, 160]


def test_the_timed_pipelines_begin_with_the_default_and_are_the_same_each_time() -> None:
    space = read_space(SPACES / "text.toml")

    found = some_pipelines(space, 3)

    assert found == some_pipelines(space, 3)
    assert found[0] == space.sample(lambda name, _: space.default_values()[name])
    assert len({p.key for p in found}) == 3


def test_a_plan_times_each_kind_of_student_that_the_search_begins_with() -> None:
    found = some_pipelines(read_space(SPACES / "sizes.toml"), 3)

    assert [p.student.name for p in found] == ["cut", "slim", "static"]


def test_plan_prints_json_and_writes_no_database(question: Study, folder: Path) -> None:
    ran = run_cli(
        "plan",
        "--dataset",
        question.dataset,
        "--teacher",
        question.teacher,
        "--trials",
        "6",
        "--workers",
        "1",
        "--json",
    )

    assert ran.code == 0, ran.err
    plan = json.loads(ran.out)
    assert plan["runs"] == 6
    assert plan["seconds"] == pytest.approx(
        plan["start_seconds"] + plan["teacher_seconds"] + plan["search_seconds"]
    )
    assert files_in(folder) == set()


def test_a_network_whose_head_has_fewer_outputs_than_classes_is_planned_for(
    question: Study, reviews: Path, tmp_path: Path
) -> None:
    lines_read = reviews.read_text(encoding="utf-8").splitlines()
    three = [line.rsplit(",", 1)[0] + f",{'abc'[i % 3]}" for i, line in enumerate(lines_read[1:])]
    (tmp_path / "three.csv").write_text("\n".join(["text,label", *three]) + "\n", encoding="utf-8")
    opened = open_workspace(question, Screen(), None)
    found = replace(opened.found, label_names=(), tuned=False)
    untuned = replace(opened, task=load(str(tmp_path / "three.csv")), found=found)

    plan = forecast(untuned, Budget(seconds=60.0), workers=1).plan

    assert plan.tuning_seconds > 0
    assert plan.runs >= 1
