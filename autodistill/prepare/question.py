"""A study's question in Python: dataset, teacher and space may be objects in memory."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from autodistill.datasets import load
from autodistill.errors import SpecError
from autodistill.prepare.answers import Answer, keep_answers
from autodistill.prepare.memory import Data, Pool, keep_pool, keep_rows, keep_space
from autodistill.prepare.quantities import check_seed, limits_of
from autodistill.runtime.notebook import screen_here
from autodistill.study import study
from autodistill.study.places import data_root_of, teacher_of


class Study(study.Study):
    """A question: a dataset, a teacher, a space of recipes, limits for the student.

    dataset   a name ("glue/sst2"), a path, a pandas DataFrame, a datasets.Dataset, either of
              them by split ({"train": ..., "test": ...}), or a pair of lists (texts, labels).
              Columns are found as in files, or named: columns={"text": "body"}.
    teacher   a name, a folder, a file of soft labels, or a function from a list of texts to
              probabilities (texts, classes); by default AUTODISTILL_TEACHER, or "embedded".
    space     a name, a .toml file, or a mapping laid out as such a file.
    unlabelled
              more rows, without labels, that the teacher answers: a name, a path, a DataFrame, a
              datasets.Dataset, or a list of texts or of pairs of texts. "none" for none at all.
    rest_unlabelled
              whether the training rows that `rows` leaves out are such rows, too.
    student   pre-trained networks that are students beside those of the space: hub names or
              folders, of any family, each with its own tokenizer.
    limits    the most that a student may have: {"params": 5e6, "size": "20MB", "latency": "5ms"}.

    target    where students are to run: torch, onnx or onnx-int8; latency and size are those of it.

    Data in memory are written at once into the cache folder (AUTODISTILL_HOME), under a name made
    of their content, and `dataset` is the path of it: so a search can be gone on with, by another
    program, too. A function is queried at once, in batches, once about each text of the train,
    validation and unlabelled rows; `teacher` is the path of its answers.
    Raises SpecError, DataError and TeacherError.
    """

    def __init__(
        self,
        dataset: Data,
        teacher: str | os.PathLike[str] | Answer = "",
        space: str | os.PathLike[str] | Mapping[str, Any] = study.DEFAULT_SPACE,
        metric: str = "",
        columns: Mapping[str, str] = {},
        rows: int = 0,
        max_length: int = 128,
        labels: Sequence[str] = (),
        seed: int = 0,
        limits: Mapping[str, float | str] = {},
        front: bool = False,
        survey: bool = False,
        students: str = "",
        teacher_folds: int = 0,
        fingerprint: str = "",
        unlabelled: Pool = "",
        rest_unlabelled: bool = False,
        stopping: str = "",
        privacy: bool = False,
        target: str = "",
        student: Sequence[str | os.PathLike[str]] = (),
    ) -> None:
        if not isinstance(teacher, str | os.PathLike) and not callable(teacher):
            raise SpecError(
                "a teacher is a name, a folder, a file of soft labels, or a function from texts to "
                "probabilities; "
                f"this is a {type(teacher).__name__}."
            )
        check_seed(seed)
        name, pool = keep_rows(dataset, columns), keep_pool(unlabelled)
        if not isinstance(teacher, str | os.PathLike):
            task = load(
                name,
                data_root=data_root_of(None),
                columns=columns,
                metric=metric,
                rows=rows,
                unlabelled=pool,
                rest_unlabelled=rest_unlabelled,
            )
            teacher = keep_answers(teacher, task, screen_here())
        super().__init__(
            dataset=name,
            teacher=teacher_of(teacher),
            space=keep_space(space),
            metric=metric,
            columns=dict(columns),
            rows=rows,
            max_length=max_length,
            labels=tuple(labels),
            seed=seed,
            limits=limits_of(limits),
            front=front,
            survey=survey,
            students=students,
            teacher_folds=teacher_folds,
            fingerprint=fingerprint,
            unlabelled=pool,
            rest_unlabelled=rest_unlabelled,
            stopping=stopping,
            privacy=privacy,
            target=study.target_of(target),
            student=student_names(student),
        )


def student_names(student: Sequence[str | os.PathLike[str]]) -> tuple[str, ...]:
    """Names and folders as text; raises SpecError for one that stands alone."""
    if isinstance(student, str | os.PathLike):
        raise SpecError(f"student is {str(student)!r}; write a list: student=[{str(student)!r}].")
    return tuple(dict.fromkeys(os.fspath(name) for name in student))


def plain(asked: study.Study | Data) -> study.Study:
    """The question as text and numbers; a dataset alone is the question with its defaults."""
    found = asked if isinstance(asked, study.Study) else Study(asked)
    return study.Study.from_dict(found.to_dict())
