"""Fidelity and calibration of a student, beside its score.

Source   agreement and inherited errors: Stanton et al. 2021, arXiv:2106.05945;
         calibration error: Guo et al. 2017, arXiv:1706.04599; Brier 1950.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import log_softmax, softmax
from torchmetrics.functional.classification import multiclass_calibration_error

BINS = 15
Logits = Float[ndarray, "rows classes"]
Labels = Int[ndarray, "rows"]


def agreement(student: Logits, teacher: Logits) -> float:
    """Share of rows on which student and teacher predict the same class."""
    return float((student.argmax(1) == teacher.argmax(1)).mean())


def mean_kl(student: Logits, teacher: Logits) -> float:
    """KL divergence of the student's probabilities from the teacher's; mean, nats."""
    own, theirs = (log_softmax(z.astype(np.float64), axis=1) for z in (student, teacher))
    return float((np.exp(theirs) * (theirs - own)).sum(1).mean())


def inherited_errors(student: Logits, teacher: Logits, labels: Labels) -> float | None:
    """Share of the teacher's errors on which the student gives the same wrong answer.

    None where the teacher makes none.
    """
    wrong = teacher.argmax(1) != labels
    return agreement(student[wrong], teacher[wrong]) if wrong.any() else None


def calibration_error(student: Logits, labels: Labels, bins: int = BINS) -> float:
    """Expected calibration error: mean gap between confidence and accuracy.

    Over equal bins of confidence (lower, upper].
    """
    sure = torch.from_numpy(softmax(student.astype(np.float64), axis=1))
    return float(
        multiclass_calibration_error(
            sure, torch.from_numpy(labels), num_classes=student.shape[1], n_bins=bins
        )
    )


def brier(student: Logits, labels: Labels) -> float:
    """Brier score: squared distance of the probabilities from the label, 0 to 2.

    Summed over classes, mean over rows.
    """
    known = np.eye(student.shape[1])[labels]
    return float(np.square(softmax(student.astype(np.float64), axis=1) - known).sum(1).mean())
