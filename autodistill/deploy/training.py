"""From a recipe to a student, in Python."""

import os
from pathlib import Path

from autodistill.deploy.full_run import default_out, run
from autodistill.deploy.score_lines import score_lines
from autodistill.deploy.student import Student
from autodistill.runtime.notebook import screen_here
from autodistill.runtime.quiet import quietly
from autodistill.storage.checks import check_storage
from autodistill.study.places import data_root_of, device_of, storage_of
from autodistill.study.recipe import Recipe


def train(
    recipe: Recipe | str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    force: bool = False,
    storage: str | os.PathLike[str] | None = None,
    data_root: str | os.PathLike[str] | None = None,
    read_test_again: bool = False,
    seeds: int = 1,
    device: str = "",
) -> Student:
    """Train a recipe, or a recipe's file, in full, and write the student's folder.

    Its metrics have the validation score, and that of the held-out test for the study's first
    recipe; for others that is read with `read_test_again` only, and the reading counted.

    With several `seeds`, that many students are trained without the validation rows, and the one of
    the median validation score is written.

    The folder appears whole or not at all; it is `student-DATASET` if none is given, and one
    that exists is replaced with `force` only. `device` is where it is trained, as for `search`.
    Raises AutodistillError.
    """
    found = recipe if isinstance(recipe, Recipe) else Recipe.load(Path(recipe))
    place = storage_of(storage)
    check_storage(place)
    folder, screen = Path(out) if out is not None else default_out(found), screen_here()
    with quietly():
        done = run(
            found,
            folder,
            force=force,
            storage=place,
            data_root=data_root_of(data_root),
            screen=screen,
            read_test_again=read_test_again,
            seeds=seeds,
            device=device_of(device),
        )
        for line in score_lines(done.metrics):
            screen.line(line)
    return Student(done.folder)
