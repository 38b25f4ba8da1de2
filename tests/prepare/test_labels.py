"""Outputs are matched to labels by name.

A teacher that does not fit is stopped with the remedy.
"""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.errors import TeacherError
from autodistill.prepare.labels import check_floor, hardly_better, match


def sure_of(predictions: list[int], classes: int) -> NDArray[np.float32]:
    """Logits whose largest entry is the guess."""
    return np.eye(classes, dtype=np.float32)[predictions]


@pytest.mark.parametrize(
    ("teacher", "task", "order"),
    [
        (("neg", "pos"), ("neg", "pos"), (0, 1)),
        (("POS", "Neg"), ("neg", "pos"), (1, 0)),
        (("sci/tech", "world", "sports"), ("World", "Sports", "Sci_Tech"), (1, 2, 0)),
        (("LABEL_0", "LABEL_1", "LABEL_2"), ("c", "a", "b"), (0, 1, 2)),
        (("0", "1"), ("neg", "pos"), (0, 1)),
        (("1", "-1"), ("-1", "1"), (1, 0)),
        (("C++", "C#", "C"), ("C", "C#", "C++"), (2, 1, 0)),
        (("+", "-"), ("-", "+"), (1, 0)),
    ],
)
def test_outputs_are_found_by_name_in_any_order_and_case(
    teacher: tuple[str, ...], task: tuple[str, ...], order: tuple[int, ...]
) -> None:
    assert match(teacher, task, "t") == order


def test_another_number_of_outputs_is_told_with_both_lists() -> None:
    with pytest.raises(
        TeacherError,
        match=r"the teacher 't' has 3 outputs \(a, b, c\), the task has 2 labels \(neg, pos\)\.",
    ):
        match(("a", "b", "c"), ("neg", "pos"), "t")


def test_long_lists_of_labels_are_shortened() -> None:
    with pytest.raises(
        TeacherError, match=r"has 10 outputs \(o0, o1, o2, o3, o4, o5, o6, o7, \.\.\. 10 in all\)"
    ):
        match([f"o{i}" for i in range(10)], ("neg", "pos"), "t")


def test_other_names_are_told_with_the_option_that_helps() -> None:
    with pytest.raises(TeacherError, match=r"no match for bad.*--teacher-labels neg,pos"):
        match(("bad", "pos"), ("neg", "pos"), "t")


def test_a_good_teacher_passes_with_its_accuracy() -> None:
    assert (
        check_floor(sure_of([0, 1, 1, 0], 2), np.array([0, 1, 1, 1]), ("neg", "pos"), (0, 1), "t")
        == 0.75
    )


def test_a_teacher_that_only_knows_the_largest_class_just_passes() -> None:
    assert (
        check_floor(sure_of([1, 1, 1, 1], 2), np.array([0, 1, 1, 1]), ("neg", "pos"), (0, 1), "t")
        == 0.75
    )


def test_a_teacher_below_the_largest_class_is_stopped() -> None:
    # right on 2 of 6; always answering 0 is right on 4 of 6;
    # the best other order, 4 of 6, is not above that floor
    predictions, labels = sure_of([0, 0, 1, 1, 1, 1], 2), np.array([0, 1, 0, 0, 0, 1])

    with pytest.raises(
        TeacherError,
        match=r"is right on 33\.3% of the 6 validation rows, below the floor of 66\.7%",
    ):
        check_floor(predictions, labels, ("neg", "pos"), (0, 1), "t")


def test_mixed_up_labels_are_told_with_the_names_that_put_them_right() -> None:
    # what the network really says, output by output: sports, world, tech;
    # it claims to say world, sports, tech
    truth, claimed, task = (
        ("sports", "world", "tech"),
        ("world", "sports", "tech"),
        ("tech", "world", "sports"),
    )
    labels = np.array([0, 1, 2, 0, 1, 2, 0, 1])
    raw = sure_of([truth.index(task[label]) for label in labels], 3)
    order = match(claimed, task, "t")

    with pytest.raises(
        TeacherError, match=r"is right on 37\.5% of the 8.*would be right on 100\.0%.*mixed up"
    ) as caught:
        check_floor(raw[:, list(order)], labels, task, order, "t")

    found = re.search(r"--teacher-labels (\S+)", str(caught.value))
    assert found is not None
    advised = found[1].split(",")
    assert tuple(advised) == truth
    assert (
        check_floor(
            raw[:, list(match(advised, task, "t"))], labels, task, match(advised, task, "t"), "t"
        )
        == 1.0
    )


def test_flipped_labels_are_told_also_when_outputs_have_no_names() -> None:
    labels = np.array([0, 1] * 10)

    with pytest.raises(TeacherError, match="--teacher-labels pos,neg"):
        check_floor(sure_of([1, 0] * 10, 2), labels, ("neg", "pos"), (0, 1), "t")


def test_a_teacher_that_is_hardly_better_than_the_most_frequent_label_is_pointed_out() -> None:
    labels = np.array([0] * 60 + [1] * 40)
    always = np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (100, 1))
    better = always.copy()
    better[60:66] = [0.0, 1.0]  # 66 % against 60 %: one deviation of a share of 100 is 4.7 %
    best = always.copy()
    best[60:75] = [0.0, 1.0]

    assert (
        "right on 66.0% of the validation rows, the most frequent label on 60.0%"
        in hardly_better(better, labels)
    )
    assert hardly_better(always, labels)
    assert hardly_better(best, labels) == ""
