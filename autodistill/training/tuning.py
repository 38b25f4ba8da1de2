"""Recipes for the fine-tuning of a teacher, by the size of its training set."""

import math
from dataclasses import dataclass, field

from autodistill.study.pipeline import Part

TAIL = 0.5
"""Share of the steps, at the end, whose weights are averaged within a run."""
BATCH = 64
"""Rows of a step."""
IMAGE_VISITS, FEWEST_IMAGE_EPOCHS, MOST_IMAGE_EPOCHS = 200_000, 4, 60
"""Images seen while a teacher is trained, and bounds on the passes over them."""
FEW_IMAGES, FEW_IMAGE_VISITS = 2000, 24_000
"""Below this many images, steps are smaller, so that there are enough."""
VISITS, FEWEST_EPOCHS, MOST_EPOCHS = 2000, 2, 5
"""Rows seen at least in a fine-tuning on texts, and bounds on its passes; see decision 0041."""
STEPS_OF_CLASSES, MOST_EPOCHS_OF_CLASSES = 4, 20
"""Steps for each class that may take more passes, and how many of them at most."""
BATCHES, STEPS, MOST_PASSES = (64, 32, 16), 300, 6
"""Rows of a step on texts: the most with which so many steps would take no more passes.

On 770 rows of BANKING77 7 passes of 16 are as good as 12 of 64 (0.800, 0.802), in half the time.
"""
FEWEST_PART = 8
"""Rows of a part of a step at least, and at most four parts."""
WIDTH = 384
"""Width of an encoder up to which the rates hold; a wider one takes less, in proportion."""
HEAD = 10.0
"""Rate of weights that nothing trained before, as a multiple of the encoder's."""


HELD, FEWEST, MOST_HELD = 0.02, 2500, 500
"""Share of the rows that is kept out, from how many rows on, and how many at most."""


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

    held: float = field(default=0.0, repr=False)
    """Share of the training rows that are kept out, to show the accuracy so far."""

    @property
    def later(self) -> str:
        """The fields that its `repr`, which names old folders, lacks; empty where it is as old."""
        known = {"head": (self.head, 1.0), "held": (self.held, 0.0)}
        return ", ".join(f"{k}={now:g}" for k, (now, then) in known.items() if now != then)

    def held_rows(self, rows: int) -> int:
        """How many of so many rows are kept out."""
        return min(MOST_HELD, int(self.held * rows))


def tuning(rows: int, classes: int = 2, *, images: bool = False, width: int = WIDTH) -> Tuning:
    """The fine-tuning for a set of this size and an encoder of this width.

    Images start from random weights: more passes, one member (averaging networks with different
    random starts is meaningless), and no averaging over steps (it would not fit the statistics of
    the batch norms).
    """
    if not images:
        enough = min(MOST_EPOCHS, max(FEWEST_EPOCHS, math.ceil(VISITS / rows)))
        wanted = math.ceil(STEPS_OF_CLASSES * classes * batch_of(rows) / rows)
        return _of_texts(rows, width, max(enough, min(MOST_EPOCHS_OF_CLASSES, wanted)))
    few = rows < FEW_IMAGES
    epochs = min(
        MOST_IMAGE_EPOCHS,
        max(FEWEST_IMAGE_EPOCHS, math.ceil((FEW_IMAGE_VISITS if few else IMAGE_VISITS) / rows)),
    )
    recipe = Part("sgd", {"lr": 0.05, "batch": 16} if few else {"lr": 0.1, "batch": BATCH})
    return Tuning(epochs, recipe, parts=1, members=1, average=0.0, moves=True)


def older_tunings(rows: int, classes: int = 2, width: int = WIDTH) -> tuple[Tuning, ...]:
    """The fine-tunings on texts of former versions, the latest first.

    At least 300 steps, in up to 5 passes or what many classes need; in up to 20; one rate.
    """
    wanted = math.ceil(STEPS_OF_CLASSES * classes * BATCHES[-1] / rows)
    enough = max(FEWEST_EPOCHS, math.ceil(STEPS * batch_of(rows) / rows))
    most = max(MOST_EPOCHS, min(MOST_EPOCHS_OF_CLASSES, wanted))
    return (
        *(_of_texts(rows, width, min(n, enough)) for n in (most, MOST_EPOCHS_OF_CLASSES)),
        former_tuning(rows),
    )


def batch_of(rows: int) -> int:
    """Rows of a step on a set of texts of this size."""
    return next((b for b in BATCHES if STEPS * b <= MOST_PASSES * rows), BATCHES[-1])


def _of_texts(rows: int, width: int, epochs: int) -> Tuning:
    """So many passes; the fewer the steps, the higher the rate."""
    batch = batch_of(rows)
    return Tuning(
        epochs,
        _adamw(rate_of(epochs * rows / batch) * min(1.0, WIDTH / width), batch),
        parts=min(4, batch // FEWEST_PART),
        head=HEAD,
        held=HELD if rows >= FEWEST else 0.0,
    )


def rate_of(steps: float) -> float:
    """The learning rate of a fine-tuning of so many steps."""
    return min(2e-4, max(8e-5, 1.4e-4 * math.sqrt(400 / steps)))


def _adamw(lr: float, batch: int) -> Part:
    return Part("adamw", {"lr": lr, "batch": batch, "weight_decay": 0.01, "warmup": 0.06})


def former_tuning(rows: int) -> Tuning:
    """The fine-tuning on texts of versions that had one rate for encoder and head.

    Two passes, up to four if small.
    """
    epochs = min(4, max(2, math.ceil(20_000 / rows)))
    return Tuning(epochs, _adamw(rate_of(epochs * rows / BATCH), BATCH))
