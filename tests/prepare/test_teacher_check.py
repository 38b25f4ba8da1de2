"""A teacher's answers are compared with labels: who is at chance, mixed up or constant is told."""

import shlex

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.errors import TeacherError
from autodistill.prepare.labels import match
from autodistill.prepare.teacher_check import check_floor, hardly_better
from autodistill.runtime.text import read_names


def sure_of(predictions: list[int], classes: int) -> NDArray[np.float32]:
    """Logits whose largest entry is the guess."""
    return np.eye(classes, dtype=np.float32)[predictions]


def advised_by(error: TeacherError) -> tuple[str, ...]:
    """The names that a person gives who copies the last line of a message to a shell."""
    option, names = shlex.split(str(error).splitlines()[-1])
    assert option == "--teacher-labels"
    return read_names(names)


def test_a_good_teacher_passes_with_its_accuracy() -> None:
    assert (
        check_floor(sure_of([0, 1, 1, 0], 2), np.array([0, 1, 1, 1]), ("neg", "pos"), (0, 1), "t")
        == 0.75
    )


def test_a_teacher_that_only_knows_the_largest_class_just_passes_if_it_knows_how_sure() -> None:
    logits = np.array([[0, 1], [0, 2], [0, 3], [0, 2]], dtype=np.float32)

    assert check_floor(logits, np.array([0, 1, 1, 1]), ("neg", "pos"), (0, 1), "t") == 0.75


def test_a_teacher_that_gives_every_row_the_same_answer_is_stopped() -> None:
    with pytest.raises(TeacherError, match=r"gives the same answer to each of the 4 validation"):
        check_floor(sure_of([1, 1, 1, 1], 2), np.array([0, 1, 1, 1]), ("neg", "pos"), (0, 1), "t")


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
    labels = np.array([0, 1, 2, 0, 1, 2, 0, 1] * 3)
    raw = sure_of([truth.index(task[label]) for label in labels], 3)
    order = match(claimed, task, "t")

    with pytest.raises(
        TeacherError, match=r"(?s)is right on 37\.5% of the 24.*would be right on 100\.0%.*mixed up"
    ) as caught:
        check_floor(raw[:, list(order)], labels, task, order, "t")

    advised = advised_by(caught.value)
    assert advised == truth
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


def test_names_with_commas_are_advised_as_a_shell_takes_them() -> None:
    labels, names = np.array([0, 1] * 10), ("Food, drinks", 'it\'s "music"')

    with pytest.raises(TeacherError) as caught:
        check_floor(sure_of([1, 0] * 10, 2), labels, names, (0, 1), "t")

    assert advised_by(caught.value) == names[::-1]


@pytest.mark.parametrize(("rows", "classes"), [(12, 3), (38, 4), (60, 6), (40, 20), (50, 77)])
def test_answers_to_other_rows_are_never_taken_for_labels_in_another_order(
    rows: int, classes: int
) -> None:
    names = [f"c{n}" for n in range(classes)]
    told = []
    for seed in range(200):
        labels = np.arange(rows) % classes
        random = np.random.default_rng(seed)
        try:
            check_floor(sure_of(list(random.permutation(labels)), classes), labels, names, (), "t")
        except TeacherError as error:
            told.append(str(error))

    assert len([text for text in told if "another order" in text]) <= 2  # a hundredth of 200
    stopped = [text for text in told if "no better than chance" in text]
    assert rows < 30 or len(stopped) >= 170  # one in twenty has a hint, by chance


def test_a_weak_teacher_that_knows_something_is_no_chance() -> None:
    labels = np.array([0, 1] * 30)
    random = np.random.default_rng(0)
    sure = random.normal(size=60) + 0.5 * (2 * labels - 1)
    weak = np.stack([np.zeros(60), sure], 1).astype(np.float32)

    assert check_floor(weak, labels, ("neg", "pos"), (0, 1), "t") > 0.5


def test_a_teacher_tuned_here_may_be_at_chance() -> None:
    labels = np.array([0, 1] * 20)
    random = np.eye(2, dtype=np.float32)[np.array([0, 0, 1, 1] * 10)]

    with pytest.raises(TeacherError, match=r"right on 50.0% .* no better than chance \(50.0%\)"):
        check_floor(random, labels, ("neg", "pos"), (0, 1), "t")
    assert check_floor(random, labels, ("neg", "pos"), (0, 1), "t", tuned_here=True) == 0.5


def test_a_teacher_tuned_here_that_learned_too_little_wants_more_labels() -> None:
    labels = np.array([0] * 30 + [1] * 70)
    wrong = np.eye(2, dtype=np.float32)[(labels + (np.arange(100) % 2)) % 2]

    with pytest.raises(TeacherError, match="label more of them, or name a larger network") as told:
        check_floor(wrong, labels, ("neg", "pos"), (0, 1), "t", tuned_here=True)

    assert "those to other rows" not in str(told.value)


@pytest.mark.parametrize("rows", [40, 200])
def test_two_classes_that_a_good_teacher_confuses_are_no_other_order(rows: int) -> None:
    # right on three classes of four; of the fourth, it calls six in ten the third
    labels = np.arange(rows) % 4
    predictions = labels.copy()
    predictions[(labels == 3) & (np.arange(rows) % 10 < 6)] = 2

    assert check_floor(sure_of(list(predictions), 4), labels, list("abcd"), (), "t") > 0.8


def test_a_constant_or_random_teacher_is_called_so_where_it_just_passes() -> None:
    labels = np.array([0, 1] * 50)
    sure = np.linspace(1, 2, 100, dtype=np.float32)
    random = np.eye(2, dtype=np.float32)[np.array([0, 0, 1, 1] * 25)]

    alike = hardly_better(np.stack([sure, 0 * sure], 1), labels)

    assert "answers every row alike" in alike
    assert "no better than chance (50.0%)" in hardly_better(random, labels)


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


def test_a_file_with_answers_to_other_rows_is_to_be_put_in_order_not_fine_tuned() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 2, 400)
    answers = draw.normal(size=(400, 2)).astype(np.float32)

    with pytest.raises(TeacherError, match="each row of the file holds the answer to its own"):
        check_floor(answers, labels, ("neg", "pos"), (), "soft.csv", from_file=True)
