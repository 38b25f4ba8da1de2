"""The slot of unlabelled rows: there where a task has some, and only there."""

import random

import pytest

from autodistill.registry.ranges import random_ask
from autodistill.study.pipeline import NONE
from autodistill.study.rules import Conditions
from autodistill.study.spaces import readable, space

WITH = Conditions(pool=True)


@pytest.mark.parametrize("images", [False, True])
def test_without_unlabelled_rows_a_space_is_what_it_was(images: bool) -> None:
    for found in readable(images=images):
        fitted = found.fit(Conditions(images=images))

        assert "transfer" not in fitted.slots
        assert not [reason for reason in fitted.removed if reason.startswith("transfer")]


def test_with_unlabelled_rows_every_space_selects_among_them() -> None:
    fitted = space("quick").fit(WITH)

    assert set(fitted.slots["transfer"]) == {"all", "confident", "llkd"}
    assert fitted.made_of(fitted.default_values()).stage("transfer").name == "all"


def test_only_a_student_with_a_teacher_learns_from_unlabelled_rows() -> None:
    fitted = space("text").fit(WITH)
    pipelines = [fitted.sample(random_ask(random.Random(seed))) for seed in range(200)]

    for pipeline in pipelines:
        slots = {slot for slot, _ in pipeline.parts()}
        if not slots & {"logit", "feature"}:
            assert "transfer" not in slots
        elif "mixup" not in slots:
            assert "transfer" in slots


def test_mixed_rows_are_not_selected_by_how_the_student_did_on_them() -> None:
    fitted = space("text").fit(WITH)
    pipelines = [fitted.sample(random_ask(random.Random(seed))) for seed in range(200)]

    mixed = {p.stage("transfer").name for p in pipelines if p.stage("mixup") != NONE}
    assert mixed == {"none", "all", "confident"}
