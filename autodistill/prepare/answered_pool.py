"""The unlabelled rows that a file of soft labels answers, and those that it brings itself."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from autodistill.components.teachers import Found
from autodistill.datasets import Rows, Task, join
from autodistill.datasets._text import shows_nothing
from autodistill.errors import TeacherError
from autodistill.prepare.soft_label_file import SoftLabels, read_answers
from autodistill.prepare.soft_labels import BETWEEN, places, text_keys
from autodistill.study.study import NO_POOL, Study


@dataclass(frozen=True)
class Answered:
    """A task whose unlabelled rows all have an answer, and notes on the others."""

    task: Task
    notes: tuple[str, ...] = ()


def answered_by(task: Task, file: Path, study: Study) -> Answered:
    """The task with the unlabelled rows that a file of soft labels knows.

    Where no others are named, texts of the file that are in no split are such rows. Raises
    TeacherError.
    """
    if study.unlabelled == NO_POOL:
        return Answered(task)
    answers = read_answers(file, task.label_names)
    kept = Answered(task) if task.pool is None else _known(task, task.pool, answers, study)
    return kept if study.unlabelled else _with_more(kept, answers)


def _known(task: Task, pool: Rows, answers: SoftLabels, study: Study) -> Answered:
    """The task without the unlabelled rows that the file does not know."""
    found = places(answers, pool) >= 0
    if found.all():
        return Answered(task)
    where, missing = answers.table.where, int((~found).sum())
    why = ""
    if answers.texts is None and answers.ids is not None:
        why = (
            " (its column 'row' counts the rows of the train split, so it cannot speak of others: "
            "add a column 'text')"
        )
    if not found.any() and (study.unlabelled or study.rest_unlabelled):
        raise TeacherError(
            f"{where} has no soft labels for any of the {len(pool):,} unlabelled rows{why}. Add "
            "them, or leave out --unlabelled and --rest-unlabelled."
        )
    note = (
        f"{missing:,} of {len(pool):,} unlabelled rows have no soft labels in {where}{why} and are "
        "left out"
    )
    rows = pool.take(np.flatnonzero(found)) if found.any() else None
    return Answered(replace(task, pool=rows), (note,))


def _with_more(kept: Answered, answers: SoftLabels) -> Answered:
    """The task with the file's own texts that are in no split."""
    task = kept.task
    if task.of_images or answers.ids is not None or not answers.texts:
        return kept
    held_out = {key for rows in (task.selection, task.test) for key in text_keys(rows)}
    known = {*held_out, *text_keys(task.train), *(text_keys(task.pool) if task.pool else ())}
    column = answers.table.columns[answers.text_column]
    new = [
        text
        for text, place in answers.texts.items()
        if text not in known and isinstance(column[place], str) and not shows_nothing(text)
    ]
    pairs = [text.split(BETWEEN) for text in new]
    if task.train.second is not None:
        pairs = [pair for pair in pairs if len(pair) == 2]
    if not pairs:
        return kept
    second = None if task.train.second is None else tuple(b for _, b in pairs)
    first = tuple(new) if second is None else tuple(pair[0] for pair in pairs)
    none = np.full(len(first), -1, dtype=np.int64)
    more = Rows(first, second, none, none)
    note = (
        f"{len(first):,} rows of {answers.table.where} are in no split of the dataset: they count "
        f"as unlabelled rows (--unlabelled {NO_POOL} leaves them out)"
    )
    pool = more if task.pool is None else join(task.pool, more)
    return Answered(replace(task, pool=pool), (*kept.notes, note))


def with_pool(task: Task, found: Found, study: Study) -> Task:
    """The task with the unlabelled rows that this teacher answers in this study."""
    if found.labels_file is not None:
        known = answered_by(task, found.labels_file, study)
        task = replace(known.task, notes=(*task.notes, *known.notes))
    return without_unnamed_pool(task, study, study.fingerprint)


def without_unnamed_pool(task: Task, study: Study, fingerprint: str) -> Task:
    """The task without unlabelled rows that nobody named, where its study began without any.

    Older versions did not look at rows without labels; `fingerprint` is that of the study.
    """
    named = study.unlabelled or study.rest_unlabelled
    if named or task.pool is None or not fingerprint.startswith(f"{_labelled(task)}-"):
        return task
    note = (
        f"the study began without unlabelled rows and goes on so: the {len(task.pool):,} here are "
        "not used; another --study takes them"
    )
    return replace(task, pool=None, notes=(*task.notes, note))


def _labelled(task: Task) -> str:
    return replace(task, pool=None).fingerprint
