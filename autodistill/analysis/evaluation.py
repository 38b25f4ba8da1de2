"""Predictions of labelled rows taken apart: scores, classes, confusions, worst rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from autodistill.analysis.comparison import Interval, difference_of, interval_of
from autodistill.analysis.metrics import Metric
from autodistill.registry import families

ALWAYS = ("accuracy", "macro_f1")
"""Metrics that are given beside the study's own."""
Logits = NDArray[np.float32]


@dataclass(frozen=True)
class Score:
    """A metric's value over all rows, with its 95 % interval over the choice of rows."""

    metric: str
    interval: Interval


@dataclass(frozen=True)
class ClassScore:
    """How well one class is found."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    """Rows of the class."""
    predicted: int
    """Rows that are predicted to be of it."""


@dataclass(frozen=True)
class Confusion:
    """Rows of one class that are predicted to be of another."""

    label: str
    prediction: str
    rows: int
    share: float
    """Share of the rows of the class, 0 to 1."""


@dataclass(frozen=True)
class RowLoss:
    """A row and how far its prediction is from its label."""

    place: int
    """Among the rows, from 0."""
    label: str
    prediction: str
    probability: float
    """The student's probability of the label."""
    loss: float
    """Cross-entropy, in nats."""


@dataclass(frozen=True)
class Evaluation:
    """Everything that labelled rows say about one classifier."""

    rows: int
    scores: tuple[Score, ...]
    classes: tuple[ClassScore, ...]
    matrix: NDArray[np.int64]
    """Labels run down, predictions across."""
    confidence: float
    """Mean probability of the predicted class."""
    cross_entropy: float
    worst: tuple[RowLoss, ...]
    """Largest loss first."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return tuple(each.label for each in self.classes)

    def confusions(self, most: int) -> tuple[Confusion, ...]:
        """The confusions of most rows, largest first."""
        apart = self.matrix - np.diag(np.diag(self.matrix))
        order = np.argsort(-apart, axis=None, kind="stable")[:most]
        found = [divmod(int(i), len(self.names)) for i in order]
        support = self.matrix.sum(1)
        return tuple(
            Confusion(
                *(self.names[a], self.names[b], int(apart[a, b])), float(apart[a, b] / support[a])
            )
            for a, b in found
            if apart[a, b]
        )


def evaluate(
    logits: Logits, labels: NDArray[np.int64], names: Sequence[str], metric: str, worst: int
) -> Evaluation:
    """The evaluation of logits (rows, classes), with so many of the worst rows."""
    chosen = build(metric).decide(logits)
    places = list(range(len(names)))
    matrix = confusion_matrix(labels, chosen, labels=places).astype(np.int64)
    parts = precision_recall_fscore_support(labels, chosen, labels=places, zero_division=0)
    predicted = matrix.sum(0)
    classes = tuple(
        ClassScore(name, float(p), float(r), float(f), int(n), int(predicted[i]))
        for i, (name, p, r, f, n) in enumerate(zip(names, *parts))
    )
    shares = log_softmax(logits.astype(np.float64), axis=1)
    losses = -shares[np.arange(len(labels)), labels]
    order = np.argsort(-losses, kind="stable")[:worst]
    return Evaluation(
        rows=len(labels),
        scores=scores_of(chosen, labels, metric),
        classes=classes,
        matrix=matrix,
        confidence=float(np.exp(shares.max(1)).mean()),
        cross_entropy=float(losses.mean()),
        worst=tuple(
            RowLoss(
                *(int(i), names[labels[i]], names[chosen[i]]),
                *(float(np.exp(-losses[i])), float(losses[i])),
            )
            for i in order
        ),
    )


def scores_of(
    chosen: NDArray[np.int64], labels: NDArray[np.int64], metric: str
) -> tuple[Score, ...]:
    """The study's metric, then accuracy and macro F1, of predicted classes."""
    return tuple(
        Score(name, interval_of(chosen, labels, build(name).of_rows))
        for name in dict.fromkeys((metric, *ALWAYS))
    )


def gain(first: Logits, second: Logits, labels: NDArray[np.int64], metric: str) -> Interval:
    """The score of the first less that of the second on the same rows, with its interval."""
    judge = build(metric)
    return difference_of(judge.decide(first), judge.decide(second), labels, judge.of_rows)


def build(metric: str) -> Metric:
    """The metric of this name."""
    found: Metric = families.build("metrics", metric, {})
    return found
