"""Transfers: which unlabelled rows a student learns from, and how often.

The teacher answered every row of the transfer set once, before the search. A batch holds labelled
rows alone or unlabelled rows alone; on the latter there is no hard loss. A training has the same
number of steps with and without a transfer set: `share` of the visits go to its rows.
"""

from typing import ClassVar

from autodistill.components.samplings import Known, Sampling
from autodistill.registry.slots import Slot

__all__ = ["Known", "Transfer"]

SLOT = Slot("transfer", 135, "stage", "none", given="pool")


class Transfer(Sampling):
    """A rule that selects unlabelled rows; `known.labels` are the teacher's most likely classes."""

    offered: ClassVar[bool] = True
    """Whether spaces that do not name the slot have it.

    Later members are not: samples of such spaces stay what they were.
    """
    share: float
    """Share of a training's visits that go to unlabelled rows."""
