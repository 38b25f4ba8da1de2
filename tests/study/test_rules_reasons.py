"""Choices that are ruled out on some data, and the reason that is given."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.registry.ranges import OneOf
from autodistill.study import spaces
from autodistill.study.rules import Conditions, is_scale
from tests.spaces import SMALL, small


def test_what_is_ruled_out_says_why() -> None:
    removed = (
        spaces.space("everything").fit(Conditions(classes=2, rarest=0.4, metric="accuracy")).removed
    )

    assert removed["logit.dkd"] == "it needs 3 classes or more, the task has 2"
    assert removed["logit.dac"] == "it needs 10 classes or more, the task has 2"
    assert (
        removed["hard.dice"]
        == "it is for rare classes or for F1; the rarest class has 40% of the rows"
    )


def test_parts_of_classes_are_as_many_as_there_are_rows_for() -> None:
    space = spaces.space("everything")

    assert space.fit(Conditions(rarest_rows=85)).slots["logit"]["lelp"]["parts"] == OneOf(2, 4, 8)
    assert (
        space.fit(Conditions(rarest_rows=19)).removed["logit.lelp"]
        == "there are too few rows of the rarest class for any parts: 19"
    )
    assert (
        space.fit(Conditions(classes=21)).removed["logit.lelp"]
        == "it is for 20 classes at most, the task has 21"
    )


@pytest.mark.parametrize(
    ("names", "scale"),
    [
        (["1", "2", "3", "4", "5"], True),
        (["1 star", "2 stars", "3 stars"], True),
        (["-1", "0", "1"], True),
        (["0", "1", "2"], False),
        (["3", "1", "2"], False),
        (["bad", "fair", "good"], False),
        (["1 star", "many"], False),
    ],
)
def test_classes_are_a_scale_where_their_names_say_so(names: list[str], scale: bool) -> None:
    assert is_scale(names) == scale


def test_what_needs_another_network_is_offered_where_one_is_named() -> None:
    space = spaces.space("everything")

    why = (
        "it needs another network: set AUTODISTILL_TRANSLATE "
        "and AUTODISTILL_TRANSLATE_BACK to its folder"
    )
    assert space.fit(Conditions()).removed["augmentation.back_translation"] == why
    assert (
        "contextual"
        in space.fit(Conditions(named=frozenset({"AUTODISTILL_MASKED_LM"}))).slots["augmentation"]
    )


def test_a_batch_that_is_too_small_for_a_loss_is_not_offered(tmp_path: Path) -> None:
    text = SMALL.replace("[logit.kl]", "[logit.sinkhorn]").replace(
        "lr = [1e-4, 1e-3]", "lr = [1e-4, 1e-3]\nbatch = [8, 16, 64]"
    )

    assert small(tmp_path, text).fit(Conditions()).slots["optimizer"]["adamw"]["batch"] == OneOf(
        16, 64
    )


def test_a_space_of_small_batches_loses_the_losses_that_need_more_rows(tmp_path: Path) -> None:
    text = SMALL.replace("[logit.kl]", "[logit.kl]\n[logit.sinkhorn]").replace(
        "lr = [1e-4, 1e-3]", "lr = [1e-4, 1e-3]\nbatch = [8]"
    )

    fitted = small(tmp_path, text).fit(Conditions())

    assert list(fitted.slots["logit"]) == ["none", "kl"]
    assert fitted.removed == {
        "logit.sinkhorn": "it needs 16 rows or more in a batch, the space has 8 at most"
    }
    assert fitted.slots["optimizer"]["adamw"]["batch"] == OneOf(8)


def test_at_two_classes_nobody_asks_for_the_correlation_over_classes() -> None:
    two, three = (
        spaces.space("everything").fit(Conditions(classes=n)).slots["logit"]["dist"]["beta"]
        for n in (2, 3)
    )

    assert two == OneOf(1.0) != three


def test_a_space_that_only_mixes_and_only_looks_at_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"no hard left .*hard\.dco: it looks at one class per row"):
        small(tmp_path, SMALL.replace("[hard.ce]", "[hard.dco]") + "[mixup.embedding]\n").fit(
            Conditions()
        )


def test_a_network_that_needs_ids_mixes_states_alone() -> None:
    removed = spaces.space("everything").fit(Conditions(blends=False)).removed

    assert removed["mixup.embedding"].startswith("the teacher's network answers otherwise")
    assert "mixup.hidden" not in removed


def test_a_network_that_cannot_be_cut_leaves_students_of_other_makes() -> None:
    removed = spaces.space("everything").fit(Conditions(cut=False)).removed

    assert removed["student.cut"] == "there is no network that can be cut to some of its layers"
    assert "student.scratch" not in removed


def test_word_vectors_need_a_teacher_that_reads_words() -> None:
    removed = spaces.space("students").fit(Conditions(words=False)).removed

    assert removed["student.static"] == (
        "the teacher's network reads characters, there is no vocabulary"
    )
    assert "student.static" not in spaces.space("students").fit(Conditions()).removed
