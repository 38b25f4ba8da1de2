"""Checks of a teacher's answers on labelled rows: is it right, and in which order."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import gammaln, softmax
from scipy.stats import binom, norm

from autodistill.errors import TeacherError
from autodistill.prepare.labels import proposal

GAIN_THAT_SHOWS_A_MIX_UP = 0.1
CHANCE = 0.01
"""Probability below which chance is no explanation."""
HINT = 0.05
"""Probability below which chance hardly explains that true labels are thought likelier."""
ROWS_THAT_TELL = 30
"""Rows below which a useful teacher may look like chance."""
SAME = 1e-6
"""Difference of logits, relative to the largest, that is rounding."""


def check_floor(
    logits: NDArray[np.float32],
    labels: NDArray[np.int64],
    names: Sequence[str],
    order: Sequence[int],
    teacher: str,
    *,
    tuned_here: bool = False,
    from_file: bool = False,
    which: str = "validation",
) -> float:
    """The teacher's accuracy on labelled rows; TeacherError below the majority class.

    `which` they are, for messages.

    Also when all its answers are one, when another order of its outputs would be correct far more
    often than chance can make it (then the labels are mixed up), and, for one that was not tuned
    here, when its answers are no better than chance on rows enough to tell.
    """
    remedy = "Use a teacher that was fine-tuned for this task."
    if tuned_here:
        remedy = (
            "It was tuned on the training rows here: label more of them, or name a larger network "
            "with --teacher."
        )
    elif from_file:
        remedy = "Check that each row of the file holds the answer to its own text."
    predictions = logits.argmax(1)
    accuracy, floor = _right(predictions, labels)
    known = f"the teacher '{teacher}' is right on {accuracy:.1%} of the {len(labels)} {which}"
    if len(logits) > 1 and np.ptp(logits, axis=0).max() <= SAME * (1 + np.abs(logits).max()):
        raise TeacherError(
            f"the teacher '{teacher}' gives the same answer to each of the {len(labels)} {which} "
            f"rows: there is nothing to learn from it. {remedy}"
        )
    if right := _mixed_up(predictions, labels, len(names), accuracy, floor):
        reachable, labels_of = right
        proposed = [""] * len(names)
        for output, label in enumerate(labels_of):
            proposed[order[output] if order else output] = names[label]
        raise TeacherError(
            f"{known} rows; with its outputs in another order it would be right on "
            f"{reachable:.1%}. Its labels seem to be mixed up; try\n{proposal(proposed)}"
        )
    chance = _at_chance(predictions, labels, len(names))
    mixed = chance and not tuned_here
    other = f"Its answers may be those to other rows. {remedy}" if mixed else remedy
    if accuracy < floor:
        raise TeacherError(
            f"{known} rows, below the floor of {floor:.1%} (always answering the most frequent "
            f"label){chance}. {other}"
        )
    enough = len(labels) >= ROWS_THAT_TELL and len(np.unique(predictions)) > 1
    if chance and enough and not tuned_here and not _hints(logits, labels):
        raise TeacherError(f"{known} rows{chance}. {other}")
    return accuracy


def check_scale(correlation: float, teacher: str, which: str = "validation") -> None:
    """Raises TeacherError unless the teacher's values correlate with the labels."""
    if not correlation > 0:
        raise TeacherError(
            f"the teacher '{teacher}' correlates by {correlation:.3f} with the labels of the "
            f"{which} rows. "
            "Use a teacher that was fine-tuned for this task."
        )


def hardly_better(
    logits: NDArray[np.float32], labels: NDArray[np.int64], which: str = "validation"
) -> str:
    """A warning for a teacher hardly better than the majority class; empty otherwise.

    Hardly: by less than two standard errors on these rows.
    """
    predictions = logits.argmax(1)
    right, floor = _right(predictions, labels)
    if right - floor > 2 * math.sqrt(right * (1 - right) / len(labels)):
        return ""
    known = f"right on {right:.1%} of the {which} rows, the most frequent label on {floor:.1%}"
    if len(np.unique(predictions)) == 1:
        return f"the teacher answers every row alike: {known}; it may have nothing to teach"
    chance = _at_chance(predictions, labels, logits.shape[1])
    return f"the teacher is {known}{chance}: it may have nothing to teach"


def _mixed_up(
    predictions: NDArray[np.int64],
    labels: NDArray[np.int64],
    classes: int,
    accuracy: float,
    floor: float,
) -> tuple[float, list[int]] | None:
    """Accuracy and the label of each output in the best order, if only that explains the table.

    There are k! orders of k outputs, and the best of them beats the given one on any few rows. So
    two things must be improbable even after as many tries as there are such orders: that answers
    which do not depend on the labels agree with them so often in the best order, and that rows
    which only one of the two orders gets right fall to the best one so often.
    """
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (predictions, labels), 1)
    outputs, best = linear_sum_assignment(-table)
    rows, right = len(labels), int(table[outputs, best].sum())
    moved = best != outputs
    if right / rows - accuracy <= GAIN_THAT_SHOWS_A_MIX_UP or right / rows <= floor:
        return None
    agree = float((np.sort(table.sum(1)) @ np.sort(table.sum(0))) / rows**2)
    alone = gammaln(classes + 1) + binom.logsf(right - 1, rows, agree)
    won, lost = int(table[outputs, best][moved].sum()), int(table[outputs, outputs][moved].sum())
    tries = gammaln(classes + 1) - gammaln(classes - moved.sum() + 1) - math.log(2)
    better = tries + binom.logsf(won - 1, won + lost, 0.5)
    return (right / rows, best.tolist()) if max(alone, better) < math.log(CHANCE) else None


def _at_chance(predictions: NDArray[np.int64], labels: NDArray[np.int64], classes: int) -> str:
    """Half a sentence for answers that agree with the labels no more than by chance."""
    said, true = (np.bincount(x, minlength=classes) / len(labels) for x in (predictions, labels))
    agree = float(said @ true)
    right = int((predictions == labels).sum())
    if binom.sf(right - 1, len(labels), agree) < CHANCE:
        return ""
    return f", no better than chance ({agree:.1%})"


def _hints(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> bool:
    """Whether true labels get more probability than the same labels in any order of the rows.

    Mean and variance over all orders of the rows: Hoeffding 1951, eq. 2 and 3, with rows of one
    label taken together.
    """
    shares = softmax(logits.astype(np.float64), axis=1)
    counts = np.bincount(labels, minlength=logits.shape[1])
    each, every = shares.mean(0), shares @ counts / len(labels)
    found = shares[np.arange(len(labels)), labels].sum() - each @ counts
    centred = shares - each - every[:, None] + every.mean()
    variance = float((centred**2 @ counts).sum()) / (len(labels) - 1)
    return bool(variance > 0 and norm.sf(found / math.sqrt(variance)) < HINT)


def _right(predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Accuracy, and the accuracy of always predicting the most frequent label."""
    return float((predictions == labels).mean()), float(np.bincount(labels).max() / len(labels))
