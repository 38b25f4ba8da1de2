"""A question put in Python is the question that the command line asks."""

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.prepare.question import Study, plain
from autodistill.study import study as engine


def test_a_question_of_names_has_the_key_of_the_same_question_on_the_command_line() -> None:
    asked = Study("glue/sst2", "embedded", space="text", limits={"params": 5e6})

    same = engine.Study("glue/sst2", "embedded", "text", limits={"params": 5e6})

    assert asked.key == same.key
    assert asked.name == same.name
    assert plain(asked) == same


def test_the_teacher_is_the_one_of_the_environment_where_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTODISTILL_TEACHER", "some/folder")

    assert Study("digits").teacher == "some/folder"
    assert Study("digits", "embedded").teacher == "embedded"


def test_a_question_can_be_changed_copied_and_pickled() -> None:
    asked = Study("digits", "embedded", limits={"latency": "5ms"})

    assert replace(asked, seed=3).seed == 3
    assert copy.deepcopy(asked) == asked
    assert pickle.loads(pickle.dumps(asked)).limits == {"latency_ms": 5.0}


@pytest.mark.parametrize("teacher", [3, None, ["embedded"]])
def test_what_is_no_teacher_is_refused(teacher: object) -> None:
    with pytest.raises(SpecError, match="a function from texts to probabilities"):
        Study("digits", teacher=teacher)  # type: ignore[arg-type]


def test_a_dataset_alone_is_a_question(reviews: Path) -> None:
    assert plain(reviews) == plain(Study(reviews))
