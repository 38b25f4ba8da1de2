"""Fits that go on from a file, which is gone when they end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autodistill.training.fit_plan import FitPlan
from autodistill.training.micro_batches import HALVES


@contextmanager
def checkpointed(plan: FitPlan, place: Path | None, micro_batches: int) -> Iterator[FitPlan]:
    """The plan of a fit whose batches are taken in so many parts, with a file of its own.

    The file stays where the fit is interrupted. Without a place there is none.
    """
    file = place and _file(place, micro_batches)
    yield replace(plan, micro_batches=micro_batches, checkpoint=file)
    if file is not None:
        file.unlink(missing_ok=True)


def steps_begun(place: Path) -> int:
    """Steps that an interrupted fit goes on after; 0: it begins."""
    from autodistill.training.checkpoints import steps_done  # seconds, see `fit`

    return steps_done(_file(place, 1)) or steps_done(_file(place, HALVES))


def _file(place: Path, micro_batches: int) -> Path:
    return place.with_name(f"{place.name}.{micro_batches}.ckpt")
