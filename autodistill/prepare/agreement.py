"""A dataset without labels: a teacher's predictions stand in their place."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components import teachers
from autodistill.components.students import Backbone
from autodistill.components.teachers import Found
from autodistill.datasets import Answer, Rows
from autodistill.errors import TeacherError
from autodistill.prepare.record_signals import record
from autodistill.prepare.soft_label_file import class_columns_of, read_answers
from autodistill.prepare.soft_labels import places
from autodistill.prepare.tokens import tokenize
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Screen
from autodistill.study.study import AGREEMENT, Study


def answer_of(study: Study, screen: Screen, home: Path, *, device: Device) -> Answer | None:
    """The function that labels rows by the study's teacher; None for a study with labels.

    Raises TeacherError for a teacher whose classes have no names.
    """
    if study.metric != AGREEMENT:
        return None
    found = teachers.find(study.teacher)
    if found.labels_file is not None:
        return lambda rows: _by_file(found, rows)
    names = study.labels or found.label_names
    if not found.tuned or len(names) < 2 or len(names) != len(found.label_names):
        raise TeacherError(
            f"the teacher '{found.name}' cannot stand in for labels: it has "
            f"{len(found.label_names) if found.tuned else 'no'} classes of its own. Metric "
            f"'{AGREEMENT}' needs a classifier, or a file of soft labels."
        )

    def ask(rows: Rows) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        tokens = tokenize(found.folder, rows, study.max_length, home, found.longest)
        backbone = Backbone.of(found.folder, names, tuple(range(len(names))))
        with screen.bar("asking the teacher for labels") as tick:
            recorded = record(backbone, found.key, tokens, home, device=device, tick=tick)
        return names, np.load(recorded.folder / "logits.npy").argmax(1)

    return ask


def _by_file(found: Found, rows: Rows) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    assert found.labels_file is not None
    names = class_columns_of(found.labels_file)
    answers = read_answers(found.labels_file, names)
    if answers.texts is None or answers.ids is not None:
        raise TeacherError(
            f"{found.labels_file}: answers that stand in for labels are found by their text; give "
            "it a column 'text' and no column 'row'."
        )
    at = places(answers, rows)
    return names, np.where(at >= 0, answers.shares.argmax(1)[at], -1)
