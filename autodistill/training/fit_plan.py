"""The plan of a fit: everything but the network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from autodistill.components.companions import Companion
from autodistill.components.hooks import Hook
from autodistill.components.posts import Post
from autodistill.runtime.device import Device
from autodistill.study.pipeline import NONE, Part, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.guidance import UNGUIDED, Guidance
from autodistill.training.live_teacher import LiveTeacher
from autodistill.training.mixing import Mixing
from autodistill.training.signals import OpenShard
from autodistill.training.streams import NO_POOL, Pool


@dataclass(frozen=True)
class FitPlan:
    """The plan of a fit: everything but the network."""

    terms: tuple[Term, ...]
    optimizer: Part
    shapes: Shapes
    rows: NDArray[np.int64]
    selection: NDArray[np.int64]
    """Rows to judge by at the rungs; empty: none."""
    epochs: int
    """Passes of `visits` visits, over every view."""
    seed: int
    metric: str
    device: Device
    parts: int = 1
    """Batches that make one step; see data.Parts. 1: one, of rows of similar length."""
    micro_batches: int = 1
    """Parts in which each batch is taken, to need less memory."""
    average: float = 0.0
    """End with the mean of the weights over this share of the steps, the last ones.

    0: the last weights.
    """
    views: tuple[OpenShard, ...] = ()
    """Changed copies of all rows, trained on beside them."""
    mixing: Mixing | None = None
    guidance: Guidance = UNGUIDED
    sampling: Part = NONE
    visits: int = 0
    """Visits of rows in an epoch, in each view; 0: as many as there are rows."""
    pool: Pool = NO_POOL
    """Unlabelled rows that take a share of the visits."""
    companion: Companion | None = None
    post: Post | None = None
    hooks: tuple[Hook, ...] = ()
    """Stages that act while the student trains."""
    live: LiveTeacher | None = None
    """For what is not recorded of the teacher's tokens."""
    rates: Mapping[nn.Parameter, float] = field(default_factory=dict)
    """Multiples of the learning rate for some of the network's weights."""
    checkpoint: Path | None = None
    """A file with the state after each epoch: written, and gone on from where it is there."""

    @property
    def batches_of_step(self) -> int:
        """Batches whose gradients are added up before a step."""
        return self.parts * self.micro_batches
