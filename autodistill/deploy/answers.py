"""Logits as answers: a label, and a probability for each class, under the names they have in files.

`predict` writes them in columns behind a row's own; a server gives an object for each input.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from autodistill.deploy.student import Student

PREDICTION, PROBABILITY = "prediction", "probability_"


def answer_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns of answers: the label, then the probability of each of these."""
    return (PREDICTION, *(f"{PROBABILITY}{label}" for label in labels))


def answer_columns(
    student: Student, logits: NDArray[np.float32], *, proba: bool
) -> list[list[Any]]:
    """The labels of the rows, and with `proba` the probabilities of each class."""
    names = student.labels
    chosen = [names[i] for i in student.decide(logits)]
    shares = softmax(logits, axis=1) if proba else logits[:, :0]
    return [chosen, *map(_short, shares.T)]


def _short(column: NDArray[np.float32]) -> list[float]:
    """Numbers with the digits that tell them from others of float32."""
    return [float(text) for text in column.astype(str)]
