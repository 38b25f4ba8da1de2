"""A plan for many studies: what it makes, and every way in which it can be wrong."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.search.campaign_plan import KINDS, Plan, read_plan
from autodistill.study import spaces
from autodistill.study.results import StudyResult
from autodistill.study.study import Study
from tests.paths import ROOT

SHIPPED = ROOT / "studies" / "knowledge.toml"
PLAN = """
datasets = ["reviews.csv"]
space = "knowledge"
run_rows = 64
[[students]]
name = "one"
text = { student = "cut", "student.cut.keep" = 0.17 }
image = { student = "perceptron" }
[[recipes]]
name = "labels alone"
both = { logit = "none", feature = "none" }
"""


def plan(folder: Path, text: str = PLAN) -> Plan:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return read_plan(folder / "plan.toml")


@pytest.mark.parametrize("kind", KINDS)
def test_the_plan_that_ships_has_24_different_pipelines_on_14_datasets(kind: str) -> None:
    shipped = read_plan(SHIPPED)

    made = shipped.pipelines(spaces.space(shipped.space, images=kind == "image"), kind)

    assert len({p.key for p in made}) == len(made) == 24
    assert len(set(shipped.datasets)) == 14
    assert shipped.free >= 60


def test_a_pipeline_has_the_values_of_its_student_and_its_recipe_and_the_spaces_own_beside(
    tmp_path: Path,
) -> None:
    (made,) = plan(tmp_path).pipelines(spaces.space("knowledge"), "text")

    assert made.student.name == "cut"
    assert made.student.knobs["keep"] == 0.17
    assert [t.loss.name for t in made.terms] == ["ce"]
    assert made.optimizer.knobs["lr"] == 3e-4


def test_a_study_of_a_plan_asks_for_runs_to_their_end(tmp_path: Path) -> None:
    study = plan(tmp_path, "rows = 500\nmax_length = 48\n" + PLAN).study("reviews.csv")

    assert (study.dataset, study.rows, study.max_length, study.survey) == (
        "reviews.csv",
        500,
        48,
        True,
    )


def test_a_value_that_the_space_does_not_take_is_told_with_student_and_recipe(
    tmp_path: Path,
) -> None:
    wrong = plan(
        tmp_path,
        PLAN.replace("0.17", "0.9").replace('logit = "none"', 'logit = "dkd", mapping = "emd"'),
    )

    with pytest.raises(SpecError) as told:
        wrong.pipelines(spaces.space("knowledge"), "text")

    assert (
        "one, labels alone, text: knowledge does not take student.cut.keep = 0.9; "
        "correct the plan or the space." in told.value.problems
    )
    assert (
        "one, labels alone, text: knowledge does not take logit = 'dkd'; "
        "correct the plan or the space." in told.value.problems
    )


def test_every_problem_of_a_plan_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as told:
        plan(
            tmp_path,
            PLAN.replace("run_rows = 64", "run_rows = 3\nepoch = 2").replace(
                '["reviews.csv"]', "[]"
            ),
        )

    assert len(told.value.problems) == 3
    assert any("unknown key epoch" in p for p in told.value.problems)
    assert any("run_rows is 3" in p for p in told.value.problems)


@pytest.mark.parametrize(
    ("text", "said"), [("datasets = [", "is not valid TOML"), ("", "datasets is missing")]
)
def test_a_file_that_is_no_plan_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        plan(tmp_path, text)


def test_a_plan_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read: no such file or directory"):
        read_plan(tmp_path / "no.toml")


def test_pipelines_beside_are_as_many_as_asked_for_the_same_each_time_and_others_elsewhere(
    tmp_path: Path,
) -> None:
    space, made = spaces.space("knowledge"), plan(tmp_path, "free = 20\n" + PLAN)
    common = made.pipelines(space, "text")
    one, other = (StudyResult(Study(name), ()) for name in ("one.csv", "other.csv"))

    found = [[p.key for p in made.beside(space, common, record)] for record in (one, one, other)]

    assert len(set(found[0])) == 20
    assert found[0] == found[1]
    assert not set(found[0]) & {*found[2], *(p.key for p in common)}
