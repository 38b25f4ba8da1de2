"""Networks among the students of a space, named by a person."""

from dataclasses import replace
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.registry.ranges import Named, OneOf
from autodistill.study import spaces
from autodistill.study.pipeline import Part
from autodistill.study.rules import Conditions
from autodistill.study.space_file import read_space
from autodistill.study.student_networks import names_in, network_recipes, with_networks
from autodistill.study.study import Study
from autodistill.study.study_differences import differences, network_keys_of


def test_networks_are_students_beside_those_of_the_space() -> None:
    space = with_networks(spaces.space("quick"), ("a/b", "folder"))

    assert list(space.slots["student"]) == ["cut", "checkpoint"]
    assert names_in(space.fit(Conditions())) == ("a/b", "folder")


def test_networks_that_a_space_names_stay_before_those_of_the_study(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[student.checkpoint]\nname = ["one"]\ndropout = [0.0]\n')

    space = with_networks(read_space(tmp_path / "own.toml"), ("two", "one"))

    assert names_in(space) == ("one", "two")
    assert space.slots["student"]["checkpoint"]["dropout"] == OneOf(0.0)


def test_a_space_of_all_members_has_the_named_networks_alone() -> None:
    fitted = with_networks(spaces.space("everything"), ("a/b",)).fit(Conditions())

    assert fitted.slots["student"]["checkpoint"]["network"] == OneOf("a/b")


def test_without_a_name_no_network_is_a_student() -> None:
    fitted = spaces.space("everything").fit(Conditions())

    assert "checkpoint" not in fitted.slots["student"]
    assert "--student" in fitted.removed["student.checkpoint"]


def test_no_names_change_nothing_of_a_space() -> None:
    space = spaces.space("quick")

    assert with_networks(space, ()) is space


def test_a_space_does_not_hold_a_pipeline_of_a_network_that_it_does_not_name() -> None:
    space = with_networks(spaces.space("quick"), ("one",))
    (mine,) = (space.made_of(values) for values in network_recipes(space))
    foreign = replace(mine, student=Part("checkpoint", {**mine.student.knobs, "network": "two"}))

    assert space.holds(mine)
    assert not space.holds(foreign)


def test_each_network_has_a_first_recipe_that_differs_from_the_default_by_it() -> None:
    space = with_networks(spaces.space("quick"), ("one", "two"))
    default = space.made_of(space.default_values())

    found = [space.made_of(values) for values in network_recipes(space)]

    assert [p.student.knobs["network"] for p in found] == ["one", "two"]
    assert all(p.terms == default.terms and p.optimizer == default.optimizer for p in found)


@pytest.mark.parametrize("wish", ["'one'", "[]", "[1.5]", "[9]", "['']"])
def test_a_space_refuses_what_names_no_network(wish: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(f"[student.checkpoint]\nname = {wish}\n")

    with pytest.raises(SpecError, match=r"student\.checkpoint\.network: "):
        read_space(tmp_path / "own.toml")


def test_a_name_or_a_number_is_a_value_of_the_knob() -> None:
    domain = Named(1, 2)

    assert domain.problem("a/b") is None
    assert domain.problem(2) is None
    assert "3 is no name, and not one of 1, 2" in str(domain.problem(3))
    assert "' ' is no name" in str(domain.problem(" "))


def test_the_networks_are_part_of_the_study() -> None:
    asked = Study("a.csv", student=("one", "two"))

    assert Study.from_dict(asked.to_dict()) == asked
    assert asked.key != Study("a.csv").key
    assert "student" not in Study("a.csv").to_dict()


def test_a_changed_network_is_told_from_the_fingerprint() -> None:
    before = Study("a.csv", student=("one",), fingerprint="aa-bb-cc-dd.ee").to_dict()

    assert network_keys_of("aa-bb-cc-dd.ee") == ("dd", "ee")
    assert network_keys_of("aa-bb-cc") == network_keys_of("") == ()
    assert differences(before, {**before, "fingerprint": "aa-bb-cc-dd.ff"}) == [
        "a network that is named as a student differs: its files were changed."
    ]
