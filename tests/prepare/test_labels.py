"""Outputs are matched to labels by name.

A teacher that does not fit is stopped with the remedy.
"""

import pytest

from autodistill.errors import TeacherError
from autodistill.prepare.labels import match, reading_of_one


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
    with pytest.raises(TeacherError, match=r"(?s)no match for bad.*--teacher-labels neg,pos"):
        match(("bad", "pos"), ("neg", "pos"), "t")


def test_two_outputs_of_one_name_are_told() -> None:
    with pytest.raises(TeacherError, match=r"are not one for each output: pos stands there twice"):
        match(("pos", "pos"), ("neg", "pos"), "t")


def test_names_that_were_given_count_for_the_outputs_that_are_there() -> None:
    assert match(("a", "b"), ("neg", "pos"), "t", ("pos", "neg")) == (1, 0)
    with pytest.raises(TeacherError, match=r"the teacher 't' has 3 outputs"):
        match(("a", "b", "c"), ("neg", "pos"), "t", ("neg", "pos"))
    with pytest.raises(TeacherError, match=r"--teacher-labels names 3 outputs \(neg, pos, so\)"):
        match(("a", "b"), ("neg", "pos"), "t", ("neg", "pos", "so"))
    with pytest.raises(TeacherError, match=r"the names given with --teacher-labels \(neg, so\)"):
        match(("a", "b"), ("neg", "pos"), "t", ("neg", "so"))


@pytest.mark.parametrize(
    ("output", "given", "order"),
    [
        ("LABEL_0", (), (0, 1)),
        ("entailment", (), (0, 1)),
        ("pos", (), (0, 1)),
        ("neg", (), (1, 0)),
        ("LABEL_0", ("pos", "neg"), (1, 0)),
    ],
)
def test_one_output_says_how_likely_the_label_of_its_name_is_else_the_second(
    output: str, given: tuple[str, ...], order: tuple[int, int]
) -> None:
    assert match((output,), ("neg", "pos"), "t", given) == order
    likely = ("neg", "pos")[order.index(1)]
    assert f"probability of '{likely}'" in reading_of_one(order, ("neg", "pos"))


def test_one_output_for_three_labels_is_told_with_the_way_out() -> None:
    with pytest.raises(
        TeacherError, match=r"has 1 output \(LABEL_0\), the task has 3.*soft labels"
    ):
        match(("LABEL_0",), ("a", "b", "c"), "t")


def test_names_with_commas_are_understood_without_quotes_too() -> None:
    task = ("Food, drinks", "Garden", "Music, film")

    assert match("abc", task, "t", ("Garden", "Music", "film", "Food", "drinks")) == (2, 0, 1)
    with pytest.raises(TeacherError, match=r"--teacher-labels names 4 outputs"):
        match("abc", task, "t", ("Garden", "Music", "Food", "drinks"))
