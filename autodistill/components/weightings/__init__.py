"""Weightings: how much each row's logit loss counts.

A member returns a weight per row of a batch; the gradient treats it as a constant.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("weighting", 110, "stage", "none", needs=("logit",), bars=("mixup",))


class Weighting(ABC):
    """A rule that weights the rows of a batch."""

    needs: ClassVar[frozenset[str]] = frozenset({"logits"})
    """Required signals.

    A member that needs `pooled` also receives the logits of a reference model: see samplings.Known.
    """
    trades: ClassVar[bool] = False
    """Whether weight removed from a row's logit loss goes to its cross-entropy.

    Such a member learns the trade-off from held-out training rows.
    """
    every: int = 0
    """Number of steps between two calls of `learn`; 0: never."""
    held_out: float = 0.0
    """Share of the training rows reserved for `learn`."""

    def begin(  # noqa: B027 - most need nothing
        self, share: float, teacher: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> None:
        """Receive the logit loss's share in the pipeline and the training rows.

        Called before the first step.
        """

    def learn(  # noqa: B027 - most have nothing to learn
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        gains: Float[Tensor, "batch"],
    ) -> None:
        """Update the rule from held-out gains.

        `gains`: by how much more the held-out loss falls, row by row, under the logit loss than
        under cross-entropy.
        """

    @abstractmethod
    def weights(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
    ) -> Float[Tensor, "batch"]:
        """Non-negative weights; the caller detaches the student."""
