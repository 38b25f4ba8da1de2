"""Posts: what is done to a student after its training; it stays the same network."""

from typing import Any, ClassVar

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.registry.slots import Slot
from autodistill.study.pipeline import Term

SLOT = Slot("post", 160, "stage", "none")


class Post:
    """Either a scale of the head, found on rows that were kept from the training, or another training of the head alone."""

    held_out: ClassVar[float] = 0.0
    """Share of the training rows that are kept for it."""
    share: float = 0.0
    """Length of another training of the head, as a share of the first one's epochs; 0: none."""
    terms: tuple[Term, ...] = ()
    """Of that training; the student as it is now is the teacher."""

    def temperature(
        self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> float:
        """What logits are to be divided by, from those of the rows that were kept."""
        return 1.0


def head_of(network: Any) -> nn.Linear:
    """The layer that makes the logits: the last linear one with an output for each class."""
    heads = [
        m
        for m in network.modules()
        if isinstance(m, nn.Linear) and m.out_features == network.config.num_labels
    ]
    return heads[-1]
