"""Distillation as a scikit-learn classifier of texts: fit searches a recipe and trains it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from autodistill.deploy.student import Student
from autodistill.deploy.training import train
from autodistill.errors import SpecError
from autodistill.prepare.answers import Answer
from autodistill.prepare.memory import Pool, is_missing
from autodistill.prepare.question import Study
from autodistill.report.result import search
from autodistill.runtime import files
from autodistill.runtime.cache import refusals
from autodistill.storage.checks import check_student_folder
from autodistill.study.study import DEFAULT_SPACE


class DistilledClassifier(ClassifierMixin, BaseEstimator):
    """A small network that learned from a teacher, as a scikit-learn classifier of texts.

    `fit` runs a search and trains its recommendation; the same call with the same rows goes on
    with the same study. Of the rows a part is kept apart to choose by, and one to test. The
    parameters are those of `Study`, `search` and `train`; `max_length` is in tokens, `labels` are
    the classes in the order of the teacher's outputs, where its own names are others.

    Fitted: `classes_`; `student_`, a Student in a temporary folder, which `save` copies; `result_`,
    the SearchResult. A pickle holds the student's files; a copy that is read lacks `result_`.
    """

    def __init__(
        self,
        teacher: str | os.PathLike[str] | Answer = "",
        *,
        space: str | os.PathLike[str] | Mapping[str, Any] = DEFAULT_SPACE,
        metric: str = "",
        labels: Sequence[str] = (),
        unlabelled: Pool = "",
        student: Sequence[str | os.PathLike[str]] = (),
        limits: Mapping[str, float | str] | None = None,
        max_length: int = 128,
        budget: str | timedelta = "",
        trials: int | None = None,
        workers: int = 0,
        storage: str | os.PathLike[str] | None = None,
        past: bool | None = None,
        device: str = "",
        random_state: int = 0,
    ) -> None:
        self.teacher = teacher
        self.space = space
        self.metric = metric
        self.labels = labels
        self.unlabelled = unlabelled
        self.student = student
        self.limits = limits
        self.max_length = max_length
        self.budget = budget
        self.trials = trials
        self.workers = workers
        self.storage = storage
        self.past = past
        self.device = device
        self.random_state = random_state

    def fit(self, X: Iterable[Any], y: Iterable[Any]) -> Self:  # noqa: N803
        """Search and train on texts, or pairs of texts; raises AutodistillError.

        Rows whose label is None or NaN have none: the teacher answers them for the student.
        """
        labels = [None if is_missing(label) else label for label in np.asarray(y).tolist()]
        classes = np.unique([label for label in labels if label is not None])
        study = Study(
            (_texts(X), [None if label is None else str(label) for label in labels]),
            self.teacher,
            self.space,
            self.metric,
            labels=self.labels,
            unlabelled=self.unlabelled,
            student=self.student,
            limits=self.limits or {},
            max_length=self.max_length,
            seed=self.random_state,
        )
        self.result_ = search(
            study,
            budget=self.budget,
            trials=self.trials,
            workers=self.workers,
            storage=self.storage,
            past=self.past,
            device=self.device,
        )
        self._kept = TemporaryDirectory(prefix="autodistill-")
        self.student_ = train(
            self.result_.recommendation.recipe,
            Path(self._kept.name) / "student",
            storage=self.storage,
            device=self.device,
        )
        self.classes_ = classes
        self._columns = [self.student_.labels.index(str(name)) for name in classes.tolist()]
        return self

    def predict_proba(self, X: Iterable[Any]) -> NDArray[np.float32]:  # noqa: N803
        """Probabilities (rows, classes), the classes in the order of `classes_`."""
        check_is_fitted(self, "student_")
        return self.student_.predict_proba(_texts(X))[:, self._columns]

    def predict(self, X: Iterable[Any]) -> NDArray[Any]:  # noqa: N803
        """The class of each text, as `y` named it."""
        check_is_fitted(self, "student_")
        places = {self.student_.labels[c]: place for place, c in enumerate(self._columns)}
        found = self.student_.predict(_texts(X))
        return np.asarray(self.classes_[[places[label] for label in found]])

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Copy the student to a folder of its own, as `train` writes it; raises AutodistillError.

        One that exists is replaced with `force` only.
        """
        check_is_fitted(self, "student_")
        out = Path(folder)
        check_student_folder(out, force=force)
        with refusals(out), files.draft_folder(out) as draft:
            for path in self.student_.folder.iterdir():
                files.copy(path, draft / path.name)
        return out

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.non_deterministic = True  # seconds decide how many trials there are
        return tags

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "student_" in state:
            folder = state.pop("student_").folder
            del state["_kept"]
            state.pop("result_", None)
            state["_files"] = {path.name: path.read_bytes() for path in folder.iterdir()}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        found = state.pop("_files", None)
        super().__setstate__(state)
        if found is None:
            return
        self._kept = TemporaryDirectory(prefix="autodistill-")
        for name, content in found.items():
            files.write_bytes(Path(self._kept.name) / name, content)
        self.student_ = Student(self._kept.name)


def _texts(X: Any) -> list[Any]:  # noqa: N803
    """A column as a list; raises SpecError for a table."""
    if hasattr(X, "columns"):
        raise SpecError(
            "a DistilledClassifier reads one column of texts, not a table; give frame['text']."
        )
    return [tuple(each) if isinstance(each, list | np.ndarray) else each for each in X]
