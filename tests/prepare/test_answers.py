"""A function as a teacher: asked once about each row, checked, kept as soft labels."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.datasets import load
from autodistill.errors import SpecError
from autodistill.prepare.answers import BATCH, check_answer, keep_answers
from autodistill.prepare.question import Study
from autodistill.prepare.soft_labels import probabilities
from autodistill.runtime.progress import Stopwatch
from tests.fakes import GOOD


class Asked:
    """A teacher that counts good words and remembers what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def __call__(self, texts: list[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        self.batches.append(texts)
        good = np.array([0.9 if any(w in t.split() for w in GOOD) else 0.2 for t in texts])
        return np.stack([1 - good, good], axis=1)


def test_each_text_to_learn_from_is_asked_about_once_in_batches_and_no_test_text(
    reviews: Path,
) -> None:
    teacher, task = Asked(), load(str(reviews))

    keep_answers(teacher, task, Stopwatch())

    asked = [text for batch in teacher.batches for text in batch]
    assert sorted(asked) == sorted({*task.train.first, *task.selection.first})
    assert max(map(len, teacher.batches)) == BATCH
    assert (
        set(asked) & (set(task.test.first) - set(task.train.first + task.selection.first)) == set()
    )


def test_the_kept_answers_are_soft_labels_of_each_row(reviews: Path) -> None:
    teacher, task = Asked(), load(str(reviews))

    file = Path(keep_answers(teacher, task, Stopwatch()))

    for rows in (task.train, task.selection):
        read = probabilities(file, rows, task.label_names)
        np.testing.assert_allclose(read, teacher(list(rows.first)), atol=1e-5)


def test_a_second_study_of_the_same_function_asks_nothing(reviews: Path) -> None:
    teacher = Asked()
    first = Study(reviews, teacher=teacher)
    asked = len(teacher.batches)

    again = Study(reviews, teacher=teacher, seed=1)

    assert len(teacher.batches) == asked
    assert again.teacher == first.teacher


def test_a_tensor_of_probabilities_is_an_answer() -> None:
    found = check_answer(torch.full((3, 2), 0.5), 3, ("neg", "pos"), "me")

    assert found.shape == (3, 2)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (np.full(4, 0.5), r"the shape \(4,\); .*here \(4, 2\).*each of neg, pos"),
        (np.full((4, 3), 1 / 3), r"the shape \(4, 3\)"),
        (np.full((3, 2), 0.5), r"the shape \(3, 2\)"),
        (["pos"] * 4, "a list that is no array of numbers"),
        (None, r"the shape \(\)|no array of numbers"),
        (np.full((4, 2), np.nan), "not finite"),
        (np.array([[1.5, -0.5]] * 4), "a negative number"),
        (np.full((4, 2), 3.0), r"does not add up to one: \[3.0, 3.0\] \(4 such rows of 4\)"),
    ],
)
def test_a_wrong_answer_is_one_message_with_what_was_expected(answer: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told) as caught:
        check_answer(answer, 4, ("neg", "pos"), "my_teacher")

    assert len(caught.value.problems) == 1
    assert "my_teacher" in str(caught.value)


def test_an_error_of_the_function_itself_keeps_its_traceback(reviews: Path) -> None:
    def broken(texts: list[str]) -> list[list[float]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Study(reviews, teacher=broken)
