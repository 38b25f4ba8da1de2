"""Unlabelled rows of a study: those that its teacher answers, where it began with any."""

from dataclasses import replace

from autodistill.components.teachers import Found
from autodistill.datasets import Task
from autodistill.prepare.answered_pool import answered_by
from autodistill.study.study import Study


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
