"""The simple baselines on rows whose scores are known by hand."""

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.registry import families
from autodistill.study.results import as_classes
from autodistill.study.simple_baselines import SimpleBaseline
from autodistill.training.simple_baselines import MOST_ROWS, fit_simple_baselines, trial_rows

WORDS = ("river", "bread", "violin", "engine")


def rows(count: int, classes: int = 4, *, pairs: bool = False, seed: int = 0) -> Rows:
    """Texts that name their class; the first class has half of the rows."""
    draw = np.random.default_rng(seed)
    labels = np.where(np.arange(count) % 2, draw.integers(1, classes, count), 0)
    named = tuple(f"some {WORDS[c % 4]}{c} here n{i % 7}" for i, c in enumerate(labels))
    if pairs:
        return Rows(tuple(f"text {i % 5}" for i in range(count)), named, labels)
    return Rows(named, None, labels)


def fitted(
    train: Rows, validation: Rows, classes: int, metric: str = "accuracy"
) -> dict[str, SimpleBaseline]:
    """The baselines by kind."""
    found = fit_simple_baselines(train, validation, classes, families.build("metrics", metric, {}))
    return {each.kind: each for each in found}


def test_words_that_name_the_class_are_learned_and_half_are_the_most_frequent_class() -> None:
    found = fitted(rows(200), rows(60, seed=1), 4)

    assert list(found) == ["majority", "tfidf"]
    assert found["tfidf"].score == 1.0
    assert found["majority"].score == 0.5
    assert found["tfidf"].rows == 200
    assert (as_classes(found["tfidf"].predictions) == rows(60, seed=1).labels).all()


def test_the_second_text_of_a_pair_is_read_too() -> None:
    assert fitted(rows(200, pairs=True), rows(60, pairs=True, seed=1), 4)["tfidf"].score == 1.0


def test_very_many_classes_are_fitted_in_seconds() -> None:
    train = rows(1200, 300)

    found = fitted(train, train, 300)

    assert found["tfidf"].score > 0.9


def test_on_a_scale_the_nearest_step_of_a_ridge_regression_counts() -> None:
    found = fitted(rows(200), rows(60, seed=1), 4, "pearson")

    assert list(found) == ["majority", "tfidf_ridge"]
    assert found["tfidf_ridge"].score > 0.9
    assert found["majority"].score == 0.0


def test_images_are_told_apart_by_their_pixels() -> None:
    draw = np.random.default_rng(0)
    labels = np.arange(60) % 2
    images = draw.integers(0, 100, (60, 33, 20, 3)) + labels[:, None, None, None] * 120
    pictures = Rows(tuple(map(str, range(60))), None, labels, images=images.astype(np.uint8))

    assert fitted(pictures, pictures, 2)["pixels"].score == 1.0


@pytest.mark.parametrize("texts", [("", ""), ("!", "?"), ("\ud83d", "\ud83d")])
def test_texts_without_a_word_leave_the_most_frequent_class(texts: tuple[str, ...]) -> None:
    two = Rows(texts, None, np.array([0, 1]))

    assert list(fitted(two, two, 2)) == ["majority"]


def test_training_rows_of_one_class_leave_the_most_frequent_class() -> None:
    one = Rows(("a word", "more words"), None, np.array([1, 1]))

    assert list(fitted(one, rows(10), 4)) == ["majority"]


def test_a_long_text_without_a_space_takes_no_time() -> None:
    long = Rows(("a" * 1_000_000, "violin"), None, np.array([0, 1]))

    assert "tfidf" in fitted(long, long, 2)


def test_the_rows_are_those_of_the_first_trials_and_no_more_than_fit() -> None:
    every = rows(100)
    drawn = np.sort(np.random.default_rng(0).permutation(100)[:30])

    found = trial_rows(every, 30)

    assert found.first == tuple(every.first[i] for i in drawn)
    many = Rows(("x",) * (MOST_ROWS + 5), None, np.zeros(MOST_ROWS + 5, dtype=np.int64))
    assert len(trial_rows(many, MOST_ROWS + 5)) == MOST_ROWS


def test_a_baseline_comes_back_from_the_facts_of_a_study() -> None:
    first = fitted(rows(40), rows(10), 4)["tfidf"]

    assert SimpleBaseline.from_dict(first.to_dict()) == first
