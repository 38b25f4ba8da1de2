"""Notes on a study's teacher and named networks before any work, and what does not fit at all."""

from collections.abc import Iterator

from autodistill.components.teachers import Found
from autodistill.datasets import Task
from autodistill.errors import SpecError
from autodistill.prepare.labels import match, reading_of_one
from autodistill.prepare.named_networks import check_numbered
from autodistill.study.space import Space
from autodistill.study.study import Study


def notes(study: Study, task: Task, found: Found, space: Space) -> Iterator[str]:
    """Notes on a teacher before it is queried; raises where it does not fit the task."""
    if study.teacher_folds and (found.labels_file or found.tuned):
        raise SpecError(
            f"--teacher-folds {study.teacher_folds}: {found.name} is not tuned here, and what it "
            "was trained on is not known. Leave it out, or give --teacher embedded or an encoder."
        )
    if study.teacher_folds > len(task.train):
        raise SpecError(
            f"--teacher-folds {study.teacher_folds}: there are {len(task.train)} training rows. "
            "Give fewer folds."
        )
    if found.labels_file or not found.tuned:
        if study.labels:
            raise SpecError(
                "--teacher-labels names the outputs of a classifier, but "
                + (
                    f"the columns of {found.name} have names: write the right ones there."
                    if found.labels_file
                    else f"the teacher '{found.name}' is tuned here to the task's own labels. "
                    "Leave it out."
                )
            )
    else:
        order = match(found.label_names, task.label_names, found.name, study.labels)
        if len(found.label_names) == 1:
            yield reading_of_one(order, task.label_names)
    if found.longest is not None and found.longest < study.max_length and not task.of_images:
        yield (
            f"the teacher takes {found.longest} tokens at most, fewer than --max-length "
            f"{study.max_length}: longer texts are cut there"
        )
    yield from check_numbered(found.folder, space, study.space, images=task.of_images)
