"""Spaces: what a sample is, what trial 0 is, what a task takes away."""

import random
from pathlib import Path
from typing import Any

import pytest

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Real
from autodistill.study import spaces
from autodistill.study.pace import at_pace
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.rules import Conditions
from tests.spaces import SMALL, kind, outside, random_ask, small

SHIPPED = spaces.names("search_spaces")


@pytest.mark.parametrize("name", SHIPPED)
def test_five_hundred_samples_of_a_shipped_space_are_valid(name: str) -> None:
    space, ask = spaces.space(name), random_ask(random.Random(0))

    for _ in range(500):
        made = space.sample(ask)

        assert outside(space, made) == []
        assert sum(t.weight for t in made.terms if kind(t.loss) != "feature") == pytest.approx(
            1.0, abs=1e-12
        )
        assert all(t.weight > 0 for t in made.terms)
        assert all((t.mapping is not None) == (kind(t.loss) == "feature") for t in made.terms)
        assert Pipeline.from_dict(made.to_dict()) == made


@pytest.mark.parametrize("name", SHIPPED)
def test_trial_zero_of_a_shipped_space_is_soft_cross_entropy_and_mutual_information(
    name: str,
) -> None:
    space = spaces.space(name)
    values = space.default_values()

    hard, logit, feature = space.sample(lambda asked, _: values[asked]).terms

    assert hard.loss.name == "ce"
    assert hard.weight == pytest.approx(0.1)
    assert (logit.loss.name, logit.loss.knobs["temperature"], logit.weight) == ("kl", 2.0, 0.9)
    assert (feature.loss.name, feature.loss.knobs["alpha"], feature.weight) == (
        "mi_alpha",
        0.9,
        0.1,
    )
    assert feature.mapping == Part("skip")


def test_a_branch_that_is_not_taken_is_never_asked_about() -> None:
    asked: list[str] = []

    def ask(name: str, domain: Domain) -> Any:
        asked.append(name)
        return {"student": "scratch", "hard": "ce", "logit": "none", "feature": "none"}.get(
            name
        ) or random_ask(random.Random(0))(name, domain)

    made = spaces.space("text").sample(ask)

    assert [t.loss.name for t in made.terms] == ["ce"]
    assert not [
        n for n in asked if n.startswith(("student.cut", "logit.", "feature.", "mapping", "weight"))
    ]


def test_all_weight_on_the_teacher_leaves_no_hard_term(tmp_path: Path) -> None:
    answers = {"logit": "kl", "weight.logit": 1.0}

    made = small(tmp_path).sample(
        lambda name, domain: answers.get(name) or random_ask(random.Random(0))(name, domain)
    )

    assert [(t.loss.name, t.weight) for t in made.terms] == [("kl", 1.0)]


def test_what_can_only_be_one_value_is_not_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(name: str, domain: Domain) -> Any:
        asked.append(name)
        return random_ask(random.Random(0))(name, domain)

    made = small(tmp_path).sample(ask)

    assert made.student.knobs["keep"] == 0.5
    assert "student.cut.keep" not in asked
    assert "hard" not in asked
    assert "logit" in asked


@pytest.mark.parametrize("name", SHIPPED)
def test_a_teacher_that_gives_labels_only_takes_the_feature_losses_away_and_says_why(
    name: str,
) -> None:
    space = spaces.space(name)

    fitted = space.fit(Conditions(classes=20, pooled=False, images="image" in name))

    stages = (
        ("logit", "lelp"),
        ("target", "class_similarity"),
        ("weighting", "reference"),
        ("sampling", "difference"),
    )
    states = [f"{s}.{n}" for s, n in stages if n in space.slots.get(s, ())]
    places = [f"feature.{n}" for n in space.slots["feature"] if n not in ("none", "exits")] + states
    gone = {k: why for k, why in fitted.removed.items() if "states" in why}
    assert gone == dict.fromkeys(places, "the teacher gives labels only, no states")
    assert set(fitted.slots["feature"]) <= {"none", "exits"}
    assert outside(fitted, fitted.sample(random_ask(random.Random(0)))) == []


def test_without_none_a_labels_only_teacher_still_leaves_a_space(tmp_path: Path) -> None:
    space = small(tmp_path, SMALL.replace("[feature.none]", "[feature.mse]"))

    assert dict(space.fit(Conditions(pooled=False)).slots["feature"]) == {"none": {}}


def test_a_space_that_loses_all_students_says_which_and_why(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError,
        match=r"space 'small' has no student left for this task \(student\.cut: "
        r"there is no network that can be cut",
    ):
        small(tmp_path).fit(Conditions(cut=False))


def test_conditions_that_allow_everything_remove_nothing() -> None:
    space = spaces.space("text")

    assert space.fit(Conditions()) == space


def test_a_star_stands_for_every_member_and_what_is_written_about_one_of_them_holds(
    tmp_path: Path,
) -> None:
    space = small(
        tmp_path, SMALL.replace("[logit.kl]", '[logit."*"]\n[logit.kl]\ntemperature = [2.0, 3.0]')
    )

    every = [
        n for n in families.names("losses") if families.card("losses", n).traits["kind"] == "logit"
    ]
    assert list(space.slots["logit"]) == ["none", *every]
    assert space.slots["logit"]["kl"]["temperature"] == Real(2.0, 3.0, log=True)
    assert (
        space.slots["logit"]["js"]["temperature"]
        == families.card("losses", "js").knobs["temperature"].domain
    )


def test_the_key_ignores_words_and_order_and_defaults(tmp_path: Path) -> None:
    turned = (
        "# a comment\nabout = 'other words'\n[optimizer.adamw]\nlr = [1e-4, 1e-3]\n"
        + SMALL.split("[optimizer.adamw]")[0]
    )

    assert small(tmp_path, turned + "[default]\nlogit = 'kl'\n").key == small(tmp_path).key


def test_the_key_changes_with_anything_that_can_be_asked(tmp_path: Path) -> None:
    others = [
        SMALL.replace("[0.5]", "[0.5, 0.67]"),
        SMALL.replace("1e-3", "2e-3"),
        SMALL.replace("[logit.none]", ""),
        SMALL + "[weight]\nlogit = [0.5, 1.0]\n",
        SMALL.replace("[feature.none]", "[feature.none]\n[feature.mse]"),
    ]

    assert len({small(tmp_path, text).key for text in (SMALL, *others)}) == 6


def test_a_slot_that_is_left_out_takes_its_default_and_does_not_vary(tmp_path: Path) -> None:
    space = small(tmp_path, "[student.cut]\nkeep = [0.5, 0.75]\n")

    asked: list[str] = []

    def first(name: str, domain: Domain) -> Any:
        asked.append(name)
        return _first(domain)

    made = space.sample(first)

    assert not [name for name in asked if not name.startswith("student.")]
    assert [t.loss.name for t in made.terms] == ["ce", "kl"]
    assert [t.weight for t in made.terms] == [0.5, 0.5]
    assert made.optimizer.name == "adamw"
    assert made.stages == {}


def _first(domain: Domain) -> Any:
    return domain.choices[0] if isinstance(domain, OneOf) else domain.low


RATES = """
scale_rates = {on}
[student.cut]
[student.static]
[optimizer.adamw]
lr = [1e-4, 4e-3]
"""


def rates(tmp_path: Path, on: str) -> dict[str, float]:
    """The learning rate of each student of a space where 0.0004 is asked for."""
    found = {}
    for name in ("cut", "static"):
        space = small(tmp_path, RATES.format(on=on))
        space = space.with_defaults({"student": name, "optimizer.adamw.lr": 4e-4})
        found[name] = space.made_of(space.default_values()).optimizer.knobs["lr"]
    return found


def test_a_student_takes_the_multiple_of_a_rate_that_suits_it_where_a_space_says_so(
    tmp_path: Path,
) -> None:
    assert rates(tmp_path, "true") == {"cut": 4e-4, "static": pytest.approx(2e-3)}
    assert rates(tmp_path, "false") == {"cut": 4e-4, "static": 4e-4}


def test_a_multiple_stays_within_what_the_optimizer_takes() -> None:
    assert at_pace(Part("adamw", {"lr": 4e-3}), 5.0).knobs["lr"] == 5e-3


def test_spaces_that_scale_rates_or_not_are_told_apart_and_others_keep_their_key(
    tmp_path: Path,
) -> None:
    written = ("scale_rates = true\n", "scale_rates = false\n", "")

    keys = [small(tmp_path, text + SMALL).key for text in written]

    assert keys[0] != keys[1] == keys[2]
