"""The promises of every sampling."""

import numpy as np
from numpy.typing import NDArray

from autodistill.components.samplings import Known, Sampling
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require

ROWS, CLASSES, COUNT = 60, 3, 24


def _known(rows: int) -> Known:
    """A teacher that is right about most rows, and a reference that knows less."""
    draw = np.random.default_rng(0)
    labels = np.arange(rows) % CLASSES
    own = np.eye(CLASSES, dtype=np.float32)[labels]
    teacher = draw.normal(size=(rows, CLASSES)).astype(np.float32) + 2 * own
    return Known(labels, teacher, teacher / 4)


def _begun(member: Member, rows: int = ROWS, **values: object) -> Sampling:
    """A sampling that has seen the rows, and a student wrong on every second one if it listens."""
    sampling: Sampling = member.build(**values)
    sampling.begin(_known(rows))
    if sampling.listens:
        sampling.hear(np.arange(rows), np.linspace(0, 2, rows), np.arange(rows) % 2 == 0)
    return sampling


def _course(sampling: Sampling, draws: int, seed: int = 0) -> NDArray[np.int64]:
    """The rows of so many draws over a whole training."""
    random = np.random.default_rng(seed)
    return np.stack([sampling.draw(i / draws, COUNT, random) for i in range(draws)])


def every_draw_is_as_large_as_requested(member: Member) -> None:
    """Places of rows that exist, as many as are needed, at both ends of every knob."""
    for values in member.settings():
        sampling, random = _begun(member, **values), np.random.default_rng(0)
        for progress in np.arange(20) / 20:
            rows = sampling.draw(float(progress), COUNT, random)
            require(len(rows) == COUNT, f"{len(rows)} rows instead of {COUNT} at {values}")
            absent = rows[(rows < 0) | (rows >= ROWS)]
            require(not len(absent), f"rows {absent} of {ROWS} at {values}")


def the_random_numbers_are_those_of_the_caller(member: Member) -> None:
    """The same generator, the same rows; another, others."""
    one, same, other = (_course(_begun(member), 5, seed) for seed in (0, 0, 1))
    require(np.array_equal(one, same), "two courses of one seed differ")
    require(not np.array_equal(one, other), "the courses of two seeds are the same")


def some_rows_come_more_often_than_others(member: Member) -> None:
    """Without a sampling all rows come equally often."""
    visits = np.bincount(_course(_begun(member), 20).ravel(), minlength=ROWS)
    require(np.ptp(visits) > 1, "all rows come equally often, as without a sampling")


def a_single_row_can_be_drawn(member: Member) -> None:
    """One row fills every place."""
    rows = _begun(member, rows=1).draw(0.5, 4, np.random.default_rng(0)).tolist()
    require(rows == [0, 0, 0, 0], f"four draws of a single row are {rows}")


SAMPLINGS: tuple[Check, ...] = (
    *COMMON,
    all_five_labels_are_written,
    every_draw_is_as_large_as_requested,
    the_random_numbers_are_those_of_the_caller,
    some_rows_come_more_often_than_others,
    a_single_row_can_be_drawn,
)

TRANSFERS = tuple(
    check for check in SAMPLINGS if check is not some_rows_come_more_often_than_others
)
"""Those of a sampling; a transfer set may be visited evenly."""
