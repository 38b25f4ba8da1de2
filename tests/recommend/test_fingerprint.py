from dataclasses import replace

import numpy as np
import pytest

from autodistill.datasets import Rows, Task
from autodistill.recommend.fingerprint import fingerprint
from autodistill.training.signals import Signals
from tests.fakes import bright_images, sentences


def task(rows: int = 200) -> Task:
    """Sentences with a few words that say it all; a quarter of the rows for the selection."""
    made = sentences(rows)
    all_rows = Rows(tuple(t for t, _ in made), None, np.array([int(x == "pos") for _, x in made]))
    cut = rows * 3 // 4
    train, selection = all_rows.take(range(cut)), all_rows.take(range(cut, rows))
    return Task("reviews", "here", ("neg", "pos"), "accuracy", train, selection, selection)


def signals(known: Task, *, right: float = 1.0, sure: float = 2.0) -> Signals:
    """A teacher that is right on so many rows, with states that hold the label."""
    labels = np.concatenate([known.train.labels, known.selection.labels])
    wrong = np.arange(len(labels)) % 100 >= right * 100
    said = np.where(wrong, 1 - labels, labels)
    logits = sure * np.eye(2, dtype=np.float32)[said]
    states = np.random.default_rng(0).normal(size=(len(labels), 4)) + 3 * labels[:, None]
    return Signals(logits, {0: states.astype(np.float16), 1: states.astype(np.float16)})


def lengths(known: Task) -> np.ndarray:
    return np.full(len(known.train) + len(known.selection), 8)


def test_sizes_and_classes_by_hand() -> None:
    known = task()

    found = fingerprint(known, signals(known), lengths(known))

    share = known.train.labels.mean()
    assert found["log_rows"] == pytest.approx(np.log10(150))
    assert found["log_classes"] == 1.0
    assert found["label_entropy"] == pytest.approx(
        -(share * np.log2(share) + (1 - share) * np.log2(1 - share))
    )
    assert found["length_10"] == found["length_90"] == 3.0
    assert found["is_pair"] == found["is_image"] == 0.0


def test_confidence_and_calibration_of_a_teacher_by_hand() -> None:
    """Logits of 2 and 0: 0.8808 sure; right on every row, so 0.1192 too modest."""
    known = task()

    found = fingerprint(known, signals(known), lengths(known))

    assert found["teacher_accuracy"] == 1.0
    assert found["teacher_confidence"] == pytest.approx(0.8808, abs=1e-4)
    assert found["teacher_calibration_error"] == pytest.approx(0.1192, abs=1e-4)


def test_landmarks_are_high_where_words_and_states_say_it_and_low_on_label_noise() -> None:
    known = task()
    draw = np.random.default_rng(1)
    noisy = replace(
        known,
        train=replace(known.train, labels=draw.integers(0, 2, len(known.train))),
        selection=replace(known.selection, labels=draw.integers(0, 2, len(known.selection))),
    )

    clear, noise = (fingerprint(t, signals(known), lengths(known)) for t in (known, noisy))

    assert clear["landmark_surface"] > 0.8 < clear["landmark_states"]
    assert noise["landmark_surface"] < 0.7 > noise["landmark_states"]
    assert noise["teacher_lift"] < 2 * noise["teacher_error"] < clear["teacher_lift"]


def test_no_locked_row_is_looked_at() -> None:
    known = task()
    other = replace(known, test=replace(known.test, first=tuple("x" for _ in known.test.first)))

    assert fingerprint(known, signals(known), lengths(known)) == fingerprint(
        other, signals(other), lengths(other)
    )


def test_a_teacher_without_states_leaves_their_numbers_out() -> None:
    known = task()

    found = fingerprint(known, Signals(signals(known).logits, {}), lengths(known))

    assert "landmark_states" not in found
    assert "teacher_accuracy" in found


def test_images_have_statistics_and_a_landmark_on_pixels() -> None:
    images, labels = bright_images(200)
    labels = np.minimum(labels, 1)
    names = tuple(map(str, range(200)))
    all_rows = Rows(names, None, labels, images=images)
    known = Task(
        "pictures",
        "here",
        ("dark", "bright"),
        "accuracy",
        all_rows.take(range(150)),
        all_rows.take(range(150, 200)),
        all_rows,
    )

    found = fingerprint(known, signals(known), np.ones(200, dtype=np.int64))

    assert found["is_image"] == 1.0
    assert found["image_pixels"] == 6.0
    assert found["landmark_surface"] > 0.8
