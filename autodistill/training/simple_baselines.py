"""Simple baselines, fitted: the most frequent class, and linear models of words or pixels."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import make_pipeline

from autodistill.analysis.metrics import Metric
from autodistill.datasets import Rows
from autodistill.study.results import as_bytes
from autodistill.study.simple_baselines import SimpleBaseline

MOST_ROWS = 20_000
"""Rows that a linear model is fitted on; more would take minutes."""
MOST_CHARACTERS = 20_000_000
"""Characters of all texts together; every text is cut at its share of them, or at SHORTEST."""
SHORTEST = 500
MOST_WEIGHTS = 10_000_000
"""Features times classes: 80 MB."""
MOST_FEATURES = 50_000
MANY_CLASSES = 20
"""Classes above which each is fitted against the rest, by stochastic gradient descent.

One model of all classes takes minutes for a thousand of them.
"""
MOST_ITERATIONS = 200
PIXELS = 16
"""Height and width that images are reduced to at most."""
PART = 512
"""Images that are reduced at once."""
Matrix = NDArray[np.float64]
Classes = NDArray[np.int64]


def trial_rows(rows: Rows, count: int) -> Rows:
    """The rows that the first trials of a study are trained on, at most MOST_ROWS of them."""
    chosen = np.random.default_rng(0).permutation(len(rows))[: min(count, MOST_ROWS)]
    return rows.take(np.sort(chosen))


def fit_simple_baselines(
    train: Rows, validation: Rows, classes: int, metric: Metric
) -> tuple[SimpleBaseline, ...]:
    """The simple baselines of a task; without the linear one where it cannot be fitted."""
    common = np.bincount(train.labels, minlength=classes).argmax()
    found = {"majority": np.full(len(validation), common)}
    if len(np.unique(train.labels)) > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            found |= _linear(train, validation, classes, metric)
    return tuple(
        SimpleBaseline(kind, metric(each, validation.labels), len(train), as_bytes(each))
        for kind, each in found.items()
    )


def _linear(train: Rows, validation: Rows, classes: int, metric: Metric) -> dict[str, Classes]:
    if train.images is not None and validation.images is not None:
        model = _classifier(classes).fit(_pixels(train.images), train.labels)
        return {"pixels": model.predict(_pixels(validation.images)).astype(np.int64)}
    longest = max(SHORTEST, MOST_CHARACTERS // len(train))
    words = TfidfVectorizer(
        ngram_range=(1, 2), max_features=min(MOST_FEATURES, MOST_WEIGHTS // classes)
    )
    kind, last, decide = _last_step(classes, metric)
    model = make_pipeline(words, last)
    try:
        model.fit(_texts(train, longest), train.labels)
    except ValueError as error:
        if "empty vocabulary" in str(error):
            return {}
        raise
    return {kind: decide(model.predict(_texts(validation, longest)))}


def _last_step(
    classes: int, metric: Metric
) -> tuple[str, Ridge | LogisticRegression | SGDClassifier, Callable[[Matrix], Classes]]:
    """On a scale, the nearest step to a value; elsewhere a class."""
    if metric.ordinal:
        return (
            "tfidf_ridge",
            Ridge(solver="lsqr"),
            lambda found: np.rint(np.clip(found, 0, classes - 1)).astype(np.int64),
        )
    return "tfidf", _classifier(classes), lambda found: found.astype(np.int64)


def _classifier(classes: int) -> LogisticRegression | SGDClassifier:
    if classes > MANY_CLASSES:
        return SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=20, random_state=0)
    return LogisticRegression(max_iter=MOST_ITERATIONS, random_state=0)


def _texts(rows: Rows, longest: int) -> list[str]:
    """Texts, those of a pair joined, cut at so many characters."""
    if rows.second is None:
        return [text[:longest] for text in rows.first]
    half = longest // 2
    return [f"{a[:half]} {b[:half]}" for a, b in zip(rows.first, rows.second)]


def _pixels(images: NDArray[np.uint8]) -> Matrix:
    """Means of the blocks of a grid, 0 to 1: (rows, features)."""
    parts = [_blocks(images[i : i + PART]) for i in range(0, len(images), PART)]
    return np.concatenate(parts).astype(np.float64) / 255


def _blocks(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    found: NDArray[Any] = images.astype(np.float32)
    for axis, size in enumerate(images.shape[1:3], start=1):
        begins = np.unique(np.linspace(0, size, min(size, PIXELS), endpoint=False).astype(int))
        lengths = np.diff([*begins, size]).reshape([-1 if i == axis else 1 for i in range(4)])
        found = np.add.reduceat(found, begins, axis=axis) / lengths.astype(np.float32)
    return np.asarray(found.reshape(len(images), -1), dtype=np.float32)
