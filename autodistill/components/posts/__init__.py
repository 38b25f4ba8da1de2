"""Posts: post-processing of a trained student that keeps its architecture."""

from typing import Any, ClassVar

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.registry.slots import Slot
from autodistill.study.pipeline import Term

SLOT = Slot("post", 160, "stage", "none")


class Post:
    """A post-processing step: a fitted logit scale, or more training of the head.

    The scale is fitted on rows held out from training; more training affects the head alone.
    """

    held_out: ClassVar[float] = 0.0
    """Share of the training rows held out for it."""
    share: float = 0.0
    """Length of the additional head training; 0: none.

    As a share of the epochs of the first training.
    """
    terms: tuple[Term, ...] = ()
    """Loss terms of the head training; the trained student acts as the teacher."""

    def temperature(
        self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> float:
        """The divisor of the logits, fitted to the held-out rows."""
        return 1.0


def head_of(network: Any) -> nn.Linear:
    """The layer that outputs the logits.

    It is the last linear layer with one output per class.
    """
    heads = [
        m
        for m in network.modules()
        if isinstance(m, nn.Linear) and m.out_features == network.config.num_labels
    ]
    return heads[-1]
