"""Fingerprint of a dataset: numbers that describe it and take seconds to compute.

Sizes, classes, lengths, the teacher's accuracy, scores of simple models.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from autodistill.datasets import Rows, Task
from autodistill.training.signals import Signals

TRAINED, JUDGED = 1000, 1000
"""Train and validation rows of the landmark models."""
BINS = 10
"""Number of bins of the calibration error."""


def fingerprint(task: Task, signals: Signals, lengths: NDArray[np.int64]) -> dict[str, float]:
    """Numbers about a task and its teacher's signals on train and validation rows.

    The signals are in this order of rows; `lengths` are tokens of the same rows. Further rows of
    both, the unlabelled ones, and the held-out test rows are not used.
    """
    lengths = lengths[: len(task.known)]
    counts = np.bincount(task.train.labels, minlength=task.classes) / len(task.train)
    known = counts[counts > 0]
    asked = slice(len(task.train), len(task.train) + len(task.selection))
    return {
        "log_rows": float(np.log10(len(task.train))),
        "log_classes": float(np.log2(task.classes)),
        "label_entropy": float(-(known * np.log2(known)).sum() / np.log2(task.classes)),
        "largest_class": float(counts.max()),
        "is_pair": float(task.train.second is not None),
        "is_image": float(task.of_images),
        "log_vocabulary": 0.0 if task.of_images else _log_words(task.train),
        **{
            f"length_{q}": float(np.log2(max(1.0, np.percentile(lengths, q)))) for q in (10, 50, 90)
        },
        **_teacher(np.asarray(signals.logits[asked]), task.selection.labels),
        **_states(signals, len(task.train), task),
        "landmark_surface": _surface(task),
        **_image(task.train),
    }


def _teacher(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy, its standard error and lift; confidence, calibration error, entropy.

    The lift is over the most frequent label; the calibration error is the expected one; the entropy
    is a share of the largest possible.
    """
    odds = np.exp(logits - logits.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    right, sure = logits.argmax(1) == labels, odds.max(1)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean()
        for b in range(BINS)
        if (bins == b).any()
    ]
    entropy = -(odds * np.log2(odds + 1e-12)).sum(1).mean() / np.log2(logits.shape[1])
    floor = float(np.bincount(labels).max() / len(labels))
    return {
        "teacher_accuracy": float(right.mean()),
        "teacher_lift": float(right.mean()) - floor,
        "teacher_error": float(np.sqrt(right.mean() * (1 - right.mean()) / len(labels))),
        "teacher_confidence": float(sure.mean()),
        "teacher_calibration_error": float(sum(gaps)),
        "teacher_entropy": float(entropy),
    }


def _states(signals: Signals, train_rows: int, task: Task) -> dict[str, float]:
    """Linear-probe score of the teacher's middle layer, spread of its last states.

    Empty without states.
    """
    if not signals.pooled:
        return {}
    layers = sorted(signals.pooled)
    middle, last = signals.pooled[layers[len(layers) // 2]], signals.pooled[layers[-1]]
    some, others = _some(train_rows, TRAINED), train_rows + _some(len(task.selection), JUDGED)
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=200))
    probe.fit(middle[some].astype(np.float32), task.train.labels[some])
    states = last[some].astype(np.float32)
    spread = np.linalg.svd(states - states.mean(0), compute_uv=False) ** 2
    return {
        "landmark_states": float(
            probe.score(
                middle[others].astype(np.float32), task.selection.labels[others - train_rows]
            )
        ),
        "states_mean": float(np.linalg.norm(states.mean(0)) / np.sqrt((states**2).sum(1).mean())),
        "states_dimension": float(np.log2(spread.sum() ** 2 / (spread**2).sum())),
    }


def _surface(task: Task) -> float:
    """Accuracy of a linear model on words, or on pixels."""
    some, others = (
        task.train.take(_some(len(task.train), TRAINED)),
        task.selection.take(_some(len(task.selection), JUDGED)),
    )
    if len(set(some.labels.tolist())) < 2:
        return float((others.labels == some.labels[0]).mean())
    if some.images is not None and others.images is not None:
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=100))
        model.fit(_grey(some.images), some.labels)
        return float(model.score(_grey(others.images), others.labels))
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10.0, max_iter=200)
    )
    try:
        model.fit(_texts(some), some.labels)
    except ValueError:  # no words at all
        return float(np.bincount(others.labels).max() / len(others))
    return float(model.score(_texts(others), others.labels))


def _image(rows: Rows) -> dict[str, float]:
    """Size, brightness and contrast of images; empty for texts."""
    if rows.images is None:
        return {}
    some = _grey(rows.images[_some(len(rows), TRAINED)])
    return {
        "image_pixels": float(np.log2(some.shape[1])),
        "image_mean": float(some.mean()),
        "image_contrast": float(some.std(1).mean()),
    }


def _grey(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(images.mean(3).reshape(len(images), -1) / 255, dtype=np.float32)


def _texts(rows: Rows) -> list[str]:
    return (
        list(rows.first)
        if rows.second is None
        else [f"{a} {b}" for a, b in zip(rows.first, rows.second)]
    )


def _log_words(rows: Rows) -> float:
    """Log of the number of different words in a sample of the rows."""
    some = _texts(rows.take(_some(len(rows), TRAINED)))
    return float(np.log2(1 + len({word for text in some for word in text.lower().split()})))


def _some(rows: int, most: int) -> NDArray[np.int64]:
    """A sample of row numbers, in order, the same each time."""
    return np.sort(np.random.default_rng(0).permutation(rows)[:most])
