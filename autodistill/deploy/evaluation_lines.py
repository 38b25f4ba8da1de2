"""An evaluation printed, and written for programs."""

import json
from pathlib import Path

from autodistill.deploy.evaluation import Evaluated
from autodistill.report.evaluation import (
    calibration_line,
    classes_table,
    confusion_table,
    gain_line,
    scores_table,
    worst_table,
)
from autodistill.report.terminal import numbers_grid
from autodistill.runtime import files
from autodistill.runtime.cache import refusals
from autodistill.runtime.progress import Screen

LIMIT = (
    "Whether the student was trained on some of these rows is not known here; on such rows scores "
    "are too high."
)


def print_evaluation(found: Evaluated, screen: Screen) -> None:
    """Scores, the teacher beside them, classes, confusions, calibration, worst rows."""
    own, teacher = found.student, found.teacher
    tables = (
        scores_table(own, teacher.scores if teacher else ()),
        classes_table(own),
        confusion_table(own),
        worst_table(own, found.data.rows, found.data.shown),
    )
    lines = [calibration_line(own, found.calibration_error)]
    if teacher is not None:
        lines.append(gain_line(teacher.gain, teacher.agreement, found.metric))
    for table in filter(None, tables):
        screen.answer(f"{table.title}:")
        screen.answer(numbers_grid(table))
        screen.answer("")
    for line in (*lines, LIMIT):
        screen.answer(line)


def write_evaluation(found: Evaluated, file: Path) -> None:
    """Write everything as JSON; raises StorageError."""
    with refusals(file):
        files.write_text(file, json.dumps(found.as_json(), indent=1, ensure_ascii=False) + "\n")
