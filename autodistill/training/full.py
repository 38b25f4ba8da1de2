"""The full training of a recipe's student on all labelled rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.components.students import Vocabulary
from autodistill.study.pipeline import Pipeline
from autodistill.training.assemble import make
from autodistill.training.begun import checkpointed
from autodistill.training.fit import fit
from autodistill.training.micro_batches import with_less_memory
from autodistill.training.rungs import Hear, Tick, never
from autodistill.training.shapes import count
from autodistill.training.signals import Shard
from autodistill.training.streams import NO_ROWS
from autodistill.training.trial_data import TrialData, TutorSignals

TAIL = 0.5
"""Share of the steps, at the end, whose weights are averaged."""


@dataclass(frozen=True)
class Trained:
    """A student after its full training."""

    network: Any
    words: Vocabulary
    vocabulary: str
    """Its name among those of the study."""
    seconds: float
    size: dict[str, float]


def train_in_full(
    data: TrialData,
    pipeline: Pipeline,
    *,
    epochs: int,
    seed: int,
    tick: Tick,
    hear: Hear | None = None,
    views: Sequence[Shard] = (),
    tutored: TutorSignals | None = None,
    validates: bool = False,
    checkpoint: Path | None = None,
) -> Trained:
    """Train on train and validation rows together, and on their views.

    No row is held back, since nothing remains to be decided; with `validates` the validation rows
    are, because the student is to be scored on them. With unlabelled rows an epoch has as many
    visits as there are rows of both kinds. Where memory runs out the training begins once more,
    with each batch in two halves. `checkpoint` is a file from which an interrupted training goes
    on after its last whole epoch; it is gone at the end.
    """
    labelled = data.train_rows + (0 if validates else data.selection_rows)

    def train(micro_batches: int) -> Trained:
        made = make(
            data,
            pipeline,
            rows=np.arange(labelled),
            selection=NO_ROWS,
            epochs=epochs,
            seed=seed,
            views=views,
            tutored=tutored,
            average=TAIL,
            visits=labelled + data.pool_rows if data.pool_rows else 0,
        )
        with checkpointed(made.plan, checkpoint, micro_batches) as plan:
            result = fit(made.network, made.shard, plan, never, tick, hear)
        return Trained(
            made.network, made.words, made.vocabulary, result.train_seconds, count(made.network)
        )

    return with_less_memory(train, data.device)
