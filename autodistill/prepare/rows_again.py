"""The rows of a study that is over, read where its search read them."""

from pathlib import Path

from autodistill import datasets
from autodistill.datasets import Task
from autodistill.prepare.agreement import answer_of
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen
from autodistill.study.study import NO_POOL, Study
from autodistill.training.precision import this_cpu


def rows_again(study: Study, data_root: Path | None, screen: Screen) -> Task:
    """The task without its unlabelled rows; raises DataError.

    Whether the rows are the same still is for the caller to look at: see `rows_key_of`.
    """
    return datasets.load(
        study.dataset,
        data_root=data_root,
        columns=study.columns,
        metric=study.metric,
        rows=study.rows,
        unlabelled=NO_POOL,
        answer=answer_of(study, screen, cache.home(), device=this_cpu()),
    )
