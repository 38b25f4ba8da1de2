"""Promises of every tutor before anything is trained."""

import pytest

from autodistill.components.tutors import Tutor
from autodistill.registry import families
from autodistill.study.pipeline import Part
from tests.contracts.members import corners
from tests.paths import of_member

every_tutor = pytest.mark.parametrize("name", families.names("tutors"))
STUDENT = Part("cut", {"keep": 0.5, "vocabulary": "trimmed"})


@every_tutor
def test_its_lessons_can_be_built_and_keep_the_teachers_tokens(name: str) -> None:
    for values in [{}, *corners("tutors", name)]:
        tutor: Tutor = families.build("tutors", name, values)
        for place, training in enumerate(tutor.lessons(STUDENT)):
            assert families.check("students", training.student.name, training.student.knobs) == []
            assert [
                p
                for t in training.terms
                for p in families.check("losses", t.loss.name, t.loss.knobs)
            ] == []
            assert training.student.knobs["vocabulary"] == "full"
            assert sum(t.weight for t in training.terms) == pytest.approx(1.0)
            assert not (training.follows and place == 0)
            assert training.pretrained <= tutor.from_start


@every_tutor
def test_knobs_are_stored_unchanged(name: str) -> None:
    assert all(
        {k: getattr(families.build("tutors", name, v), k) for k in v} == v
        for v in [{}, *corners("tutors", name)]
    )


@every_tutor
def test_the_labels_are_written_and_there_is_a_test(name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Differs"} <= set(families.card("tutors", name).labels)
    assert of_member("tutors", name).exists()


@every_tutor
def test_networks_that_speak_together_show_no_layers(name: str) -> None:
    tutor: Tutor = families.build("tutors", name, {})

    assert not (tutor.states and tutor.combine != "last")
