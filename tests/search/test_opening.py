"""The first runs of a search: one of each size of its space, with its student alone."""

import json
from pathlib import Path

from autodistill.search.opening import opening
from autodistill.study import spaces
from autodistill.study.pipeline import Pipeline
from autodistill.study.rules import Conditions
from autodistill.study.starts import start_values
from tests.spaces import SMALL, small

STARTS = (
    SMALL.replace("keep = [0.5]", "keep = [0.5, 0.34]") + '[[start]]\n"student.cut.keep" = 0.34\n'
)


def test_a_space_without_starts_begins_with_its_default_recipe(tmp_path: Path) -> None:
    ((_, attrs),) = opening(small(tmp_path, SMALL))

    assert attrs == {"why": "the default recipe"}


def test_each_start_follows_the_default_recipe_then_each_student_alone(tmp_path: Path) -> None:
    runs = list(opening(small(tmp_path, STARTS)))

    assert [values.get("student.cut.keep") for values, _ in runs] == [0.5, 0.34, None, None]
    assert [attrs.get("control", "") for _, attrs in runs] == ["", "", "alone", "alone"]
    plain = [Pipeline.from_dict(json.loads(attrs["pipeline"])) for _, attrs in runs[2:]]
    assert [p.student.knobs["keep"] for p in plain] == [0.34, 0.5]
    assert all([t.loss.name for t in p.terms] == ["ce"] for p in plain)


def test_a_start_that_the_task_rules_out_is_left_out() -> None:
    space = spaces.space("sizes")

    fitted = space.fit(Conditions(cut=False))

    students = [fitted.made_of(values).student.name for values in start_values(fitted)]
    assert "cut" not in students
    assert len(students) == len(set(students))


def test_the_default_space_begins_with_three_kinds_of_student() -> None:
    space = spaces.space("sizes").fit(Conditions())

    students = [space.made_of(values).student.name for values in start_values(space)]

    assert len(set(students)) == 3
    assert students[0] == "cut"
