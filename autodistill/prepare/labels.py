"""Matching of a teacher's outputs to the task's labels, and checks of its fit."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from autodistill.errors import TeacherError

GAIN_THAT_SHOWS_A_MIX_UP = 0.1


def match(teacher: Sequence[str], task: Sequence[str], name: str) -> tuple[int, ...]:
    """For each task label, the index of the teacher's output with that name.

    Outputs without names of their own (LABEL_0, LABEL_1, ...) are taken in order. Raises
    TeacherError.
    """
    if len(teacher) != len(task):
        raise TeacherError(
            f"the teacher '{name}' has {len(teacher)} outputs ({_some(teacher)}), the task has "
            f"{len(task)} labels ({_some(task)}). "
            "Use a teacher that was fine-tuned for this task."
        )
    plain, wanted = [_plain(t) for t in teacher], [_plain(t) for t in task]
    if len(set(wanted)) < len(wanted):  # -1 and 1, C and C++: only the exact names tell them apart
        plain, wanted = list(teacher), list(task)
    if all(t == f"label{i}" or t == str(i) for i, t in enumerate(plain)):
        return tuple(range(len(task)))
    if sorted(plain) != sorted(wanted):
        only = sorted(set(plain) - set(wanted))
        raise TeacherError(
            f"the labels of the teacher '{name}' ({_some(teacher)}) are not the task's "
            f"({_some(task)}): no match for {_some(only)}. Give the task's label names in the "
            "order "
            f"of the teacher's outputs, for example --teacher-labels {','.join(task[:6])}"
        )
    return tuple(plain.index(w) for w in wanted)


def check_floor(
    logits: NDArray[np.float32],
    labels: NDArray[np.int64],
    names: Sequence[str],
    order: Sequence[int],
    teacher: str,
) -> float:
    """The teacher's accuracy on labelled rows; TeacherError below the majority class.

    Also when another order of its outputs would be correct far more often: then the labels are
    mixed up.
    """
    predictions, classes = logits.argmax(1), len(names)
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (predictions, labels), 1)
    accuracy, floor = _right(predictions, labels)
    outputs, best = linear_sum_assignment(-table)
    reachable = table[outputs, best].sum() / len(labels)
    if reachable - accuracy > GAIN_THAT_SHOWS_A_MIX_UP and reachable > floor:
        right = [""] * classes
        for output, label in zip(outputs, best):
            right[order[output] if order else output] = names[label]
        raise TeacherError(
            f"the teacher '{teacher}' is right on {accuracy:.1%} of the {len(labels)} validation "
            f"rows; with its outputs in another order it would be right on {reachable:.1%}. Its "
            f"labels seem to be mixed up; try --teacher-labels {','.join(right)}"
        )
    if accuracy < floor:
        raise TeacherError(
            f"the teacher '{teacher}' is right on {accuracy:.1%} of the {len(labels)} validation "
            f"rows, below the floor of {floor:.1%} (always answering the most frequent label). Use "
            "a teacher that was fine-tuned for this task."
        )
    return accuracy


def check_scale(correlation: float, teacher: str) -> None:
    """Raises TeacherError unless the teacher's values correlate with the labels."""
    if not correlation > 0:
        raise TeacherError(
            f"the teacher '{teacher}' correlates by {correlation:.3f} with the labels of the "
            "validation rows. "
            "Use a teacher that was fine-tuned for this task."
        )


def hardly_better(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> str:
    """A warning for a teacher hardly better than the majority class; empty otherwise.

    Hardly: by less than two standard errors on these rows.
    """
    right, floor = _right(logits.argmax(1), labels)
    if right - floor > 2 * math.sqrt(right * (1 - right) / len(labels)):
        return ""
    known = f"right on {right:.1%} of the validation rows, the most frequent label on {floor:.1%}"
    return f"the teacher is {known}: it may have nothing to teach"


def _right(predictions: NDArray[np.int64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """Accuracy, and the accuracy of always predicting the most frequent label."""
    return float((predictions == labels).mean()), float(np.bincount(labels).max() / len(labels))


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f", ... {len(names)} in all" if len(names) > 8 else "")
