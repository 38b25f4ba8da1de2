"""Recipes for the fine-tuning of a teacher, by the size of its training set."""

import math
from dataclasses import dataclass, field, replace

from autodistill.study.pipeline import Part

TAIL = 0.5
"""Share of the steps, at the end, whose weights are averaged within a run."""
BATCH = 64
"""Rows of a step."""
IMAGE_VISITS, FEWEST_IMAGE_EPOCHS, MOST_IMAGE_EPOCHS = 200_000, 4, 60
"""Images seen while a teacher is trained, and bounds on the passes over them."""
FEW_IMAGES, FEW_IMAGE_VISITS = 2000, 24_000
"""Below this many images, steps are smaller, so that there are enough."""
WIDTH = 384
"""Width of an encoder up to which the rates hold; a wider one takes less, in proportion."""
HEAD = 10.0
"""Rate of weights that nothing trained before, as a multiple of the encoder's."""


@dataclass(frozen=True)
class Tuning:
    """Fine-tuning of a teacher on a training set of some size."""

    epochs: int
    optimizer: Part
    parts: int = 4
    """Batches of similar length that make one step over random rows."""
    members: int = 2
    dropout: float = 0.0
    average: float = field(
        default=TAIL, repr=False
    )  # not in the name of teachers tuned before there were images
    moves: bool = field(default=False, repr=False)
    """Whether images are shifted, and coloured ones mirrored, on each read."""
    head: float = field(default=1.0, repr=False)
    """Rate of weights that nothing trained before, as a multiple of the encoder's."""

    @property
    def later(self) -> str:
        """The fields that its `repr`, which names old folders, lacks; empty where all are 1."""
        return "" if self.head == 1.0 else f"head={self.head:g}"


def tuning(rows: int, *, images: bool = False, width: int = WIDTH) -> Tuning:
    """The fine-tuning for a set of this size and an encoder of this width.

    Images start from random weights: more passes, one member (averaging networks with different
    random starts is meaningless), and no averaging over steps (it would not fit the statistics of
    the batch norms).
    """
    if not images:
        how = former_tuning(rows)
        lr = how.optimizer.knobs["lr"] * min(1.0, WIDTH / width)
        return replace(how, optimizer=Part("adamw", {**how.optimizer.knobs, "lr": lr}), head=HEAD)
    few = rows < FEW_IMAGES
    epochs = min(
        MOST_IMAGE_EPOCHS,
        max(FEWEST_IMAGE_EPOCHS, math.ceil((FEW_IMAGE_VISITS if few else IMAGE_VISITS) / rows)),
    )
    recipe = Part("sgd", {"lr": 0.05, "batch": 16} if few else {"lr": 0.1, "batch": BATCH})
    return Tuning(epochs, recipe, parts=1, members=1, average=0.0, moves=True)


def former_tuning(rows: int) -> Tuning:
    """The fine-tuning on texts of versions that had one rate for encoder and head.

    Two passes, up to four if small. The fewer steps, the higher the learning rate.
    """
    epochs = min(4, max(2, math.ceil(20_000 / rows)))
    steps = epochs * rows / BATCH
    lr = min(2e-4, max(8e-5, 1.4e-4 * math.sqrt(400 / steps)))
    return Tuning(
        epochs, Part("adamw", {"lr": lr, "batch": BATCH, "weight_decay": 0.01, "warmup": 0.06})
    )
