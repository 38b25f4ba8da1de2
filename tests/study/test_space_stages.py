"""Spaces with the stages that may be left out: augmentation and mixup.

Also what a shallow teacher rules out.
"""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Whole
from autodistill.study import spaces
from autodistill.study.pipeline import NONE
from autodistill.study.rules import Conditions
from tests.spaces import SMALL, outside, random_ask, small

TREATED = (
    SMALL
    + """
[augmentation.none]
[augmentation.random_swap]
[mixup.none]
[mixup.embedding]
"""
)


def test_a_space_without_the_two_treatments_asks_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(name: str, domain: Domain) -> Any:
        asked.append(name)
        return random_ask(random.Random(0))(name, domain)

    made = small(tmp_path).sample(ask)

    assert (made.stage("augmentation"), made.stage("mixup")) == (NONE, NONE)
    assert not [n for n in asked if n.startswith(("augmentation", "mixup"))]
    assert small(tmp_path).key == "23e4a415"  # also before there were any, with the same knobs
    assert spaces.space("quick").key == "7e507716"


def test_treatments_are_asked_for_and_can_be_none(tmp_path: Path) -> None:
    space, draw = small(tmp_path, TREATED), random.Random(0)

    made = [space.sample(random_ask(draw)) for _ in range(100)]

    assert {p.stage("augmentation").name for p in made} == {"none", "random_swap"}
    assert {p.stage("mixup").name for p in made} == {"none", "embedding"}
    assert {p.stage("mixup").knobs["teacher"] for p in made if p.stage("mixup") != NONE} == {
        "interpolate",
        "consistent",
        "silent",
    }
    assert [outside(space, p) for p in made] == [[]] * 100


def test_a_teacher_that_cannot_be_asked_leaves_interpolation_and_no_views(tmp_path: Path) -> None:
    fitted = small(tmp_path, TREATED).fit(Conditions(asks=False))

    assert dict(fitted.slots["augmentation"]) == {"none": {}}
    assert fitted.slots["mixup"]["embedding"]["teacher"] == OneOf("interpolate", "silent")
    assert fitted.removed == {
        "augmentation.random_swap": (
            "the teacher gives labels only, it cannot be asked about changed texts"
        ),
        "mixup.embedding.teacher=consistent": (
            "the teacher gives labels only, it cannot be asked about mixed texts"
        ),
    }


def test_a_space_that_only_asks_the_teacher_about_mixed_rows_loses_mixup_without_one(
    tmp_path: Path,
) -> None:
    text = SMALL + '[mixup.embedding]\nteacher = ["consistent"]\n'

    fitted = small(tmp_path, text).fit(Conditions(asks=False))

    assert dict(fitted.slots["mixup"]) == {"none": {}}
    assert fitted.sample(random_ask(random.Random(0))).stage("mixup") == NONE


@pytest.fixture
def rigid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cross-entropy as if it could only take one class per row."""
    card = families.card
    changed = replace(
        card("losses", "ce"), traits={**card("losses", "ce").traits, "soft_labels": False}
    )
    monkeypatch.setattr(
        families, "card", lambda kind, name: changed if name == "ce" else card(kind, name)
    )


@pytest.mark.usefixtures("rigid")
def test_mixup_is_not_asked_for_beside_a_loss_that_needs_one_class_per_row(tmp_path: Path) -> None:
    space, draw = small(tmp_path, TREATED), random.Random(0)

    made = [space.sample(random_ask(draw)) for _ in range(200)]

    # without the hard term, that is with all weight on the teacher, mixup is possible
    assert {p.stage("mixup").name for p in made if "ce" in [t.loss.name for t in p.terms]} == {
        "none"
    }
    assert {p.stage("mixup").name for p in made if "ce" not in [t.loss.name for t in p.terms]} == {
        "none",
        "embedding",
    }


@pytest.mark.usefixtures("rigid")
def test_a_space_that_always_mixes_loses_such_a_loss_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError,
        match=r"has no hard left .*hard\.ce: "
        r"it looks at one class per row, and this space always mixes rows",
    ):
        small(tmp_path, SMALL + "[mixup.embedding]\n").fit(Conditions())


def test_no_student_is_deeper_than_a_teacher_whose_layers_it_is_compared_with() -> None:
    space = spaces.space("text")

    shallow = space.fit(Conditions(layers=2))

    assert shallow.slots["student"]["scratch"]["layers"] == Whole(1, 2)
    assert space.fit(Conditions(layers=6)).slots["student"] == space.slots["student"]
    assert space.fit(Conditions(layers=2, pooled=False)).slots["student"]["scratch"][
        "layers"
    ] == Whole(1, 4)
