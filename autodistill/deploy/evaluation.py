"""A student scored on a labelled file, beside its teacher."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.analysis.comparison import Interval
from autodistill.analysis.evaluation import Evaluation, Logits, Score, evaluate, gain, scores_of
from autodistill.analysis.evaluation import build as build_metric
from autodistill.components.teachers import find
from autodistill.components.teachers.labels_file import LabelsFile
from autodistill.deploy.inputs import text_rows
from autodistill.deploy.labelled_rows import LabelledRows, read_labelled
from autodistill.deploy.student import BATCH, Student
from autodistill.errors import DataError, TeacherError
from autodistill.prepare.labels import match
from autodistill.prepare.soft_labels import probabilities
from autodistill.runtime.progress import Screen
from autodistill.training.agreement import agreement, calibration_error

THEIRS = {"local_files_only": True, "trust_remote_code": False}
"""Arguments for loading a folder of others."""


@dataclass(frozen=True)
class Teacher:
    """The teacher's scores on the same rows, and the student beside it."""

    name: str
    scores: tuple[Score, ...]
    gain: Interval
    """The student's score less the teacher's."""
    agreement: float


@dataclass(frozen=True)
class Evaluated:
    """An evaluation of a student, and where its rows come from."""

    metric: str
    data: LabelledRows
    student: Evaluation
    calibration_error: float
    teacher: Teacher | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, for a program."""
        own = self.student
        worst = [
            {**asdict(w), "row": self.data.rows[w.place], "text": self.data.shown[w.place]}
            for w in own.worst
        ]
        found: dict[str, Any] = {
            "rows": own.rows,
            "metric": self.metric,
            "scores": _scores(own.scores),
            "classes": [asdict(c) for c in own.classes],
            "confusion_matrix": own.matrix.tolist(),
            "calibration_error": self.calibration_error,
            "mean_confidence": own.confidence,
            "cross_entropy": own.cross_entropy,
            "worst_rows": worst,
        }
        if (teacher := self.teacher) is None:
            return found
        beside: dict[str, Any] = {"name": teacher.name, "scores": _scores(teacher.scores)}
        beside |= {"gain": asdict(teacher.gain), "agreement": teacher.agreement}
        return {**found, "teacher": beside}


def evaluate_file(
    student: Student,
    file: str,
    screen: Screen,
    *,
    columns: Mapping[str, str],
    teacher: str = "",
    worst: int = 10,
    batch: int = BATCH,
) -> Evaluated:
    """The student's scores on the rows of a labelled file; raises AutodistillError."""
    metric = _metric(student)
    data = read_labelled(student, file, columns, metric)
    other = _Teacher(teacher, data, student.labels) if teacher else None
    for note in data.notes:
        screen.line(f"note      {note}")
    screen.line(f"engine    {student.network.name}")
    logits = _logits(student, data, batch)
    found = evaluate(logits, data.labels, student.labels, metric, worst)
    error = calibration_error(logits, data.labels)
    beside = None
    if other is not None:
        theirs = other.logits(batch)
        scores = scores_of(build_metric(metric).decide(theirs), data.labels, metric)
        beside = Teacher(
            *(teacher, scores, gain(logits, theirs, data.labels, metric)),
            agreement(logits, theirs),
        )
    return Evaluated(metric, data, found, error, beside)


class _Teacher:
    """The teacher, checked before the student predicts."""

    def __init__(self, name: str, data: LabelledRows, labels: tuple[str, ...]) -> None:
        self._data, self._labels, self._file = data, labels, LabelsFile().claims(name)
        if self._file:
            self._path = Path(name)
            if not self._path.is_file():
                raise TeacherError(f"the file of soft labels {name} does not exist.")
            return
        images = None if data.images is None else np.stack([data.images[0]])
        if (Path(name) / "recipe.toml").is_file():
            self._network = Student(name)
        else:
            found = find(name, images)
            if not found.tuned:
                raise TeacherError(
                    f"the teacher '{name}' is an encoder that gives no classes; give a classifier, "
                    "another student's folder, or a file of soft labels."
                )
            self._network = Student(found.folder, engine="torch", options=THEIRS)
        self._order = match(self._network.labels, labels, name)

    def logits(self, batch: int) -> Logits:
        """Logits (rows, classes), in the order of the student's classes."""
        if self._file:
            pairs = not isinstance(self._data.texts[0], str)
            rows = text_rows(self._data.texts, 0, pairs=pairs)
            shares = probabilities(self._path, rows, self._labels)
            return np.log(np.maximum(shares, np.finfo(np.float32).tiny))
        found = _logits(self._network, self._data, batch)
        if found.shape[1] == 1:  # one output: how likely the second of two labels is
            found = np.concatenate([-found / 2, found / 2], axis=1)
        return found[:, list(self._order)]


def _logits(student: Student, data: LabelledRows, batch: int) -> Logits:
    if data.images is not None:
        return student.image_logits(data.images, batch)
    pairs = not isinstance(data.texts[0], str)
    known = student.reads_pairs
    if known is not None and known != pairs:
        have, need = ("pairs", "one text a row") if pairs else ("one text a row", "pairs")
        raise DataError(
            f"{data.where} has {have}, {student.folder} reads {need}; name the columns "
            "(--column text=COLUMN --column pair=COLUMN)."
        )
    return student.text_logits(text_rows(data.texts, 0, pairs=pairs), batch)


def _metric(student: Student) -> str:
    """The study's metric; accuracy for agreement with a teacher, and where nothing is written."""
    known = student.metrics.get("metric") if (student.folder / "metrics.json").is_file() else None
    return str(known) if known not in (None, "agreement") else "accuracy"


def _scores(scores: Sequence[Score]) -> dict[str, Any]:
    return {score.metric: asdict(score.interval) for score in scores}
