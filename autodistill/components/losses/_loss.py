"""The base class of all losses, with everything that a loss declares."""

from abc import ABC
from collections.abc import Mapping
from typing import ClassVar, Literal

from jaxtyping import Float, Int
from torch import Tensor, nn

Labels = Int[Tensor, "batch"] | Float[Tensor, "batch labels"]
"""Class indices (batch,), or one target per label (batch, labels).

A target row holds class probabilities; a loss with a head of its own may have more outputs than
there are classes.
"""


class Loss(nn.Module, ABC):
    """A loss term; class attributes declare its inputs and its guarantees."""

    kind: ClassVar[Literal["hard", "logit", "feature"]]
    needs: ClassVar[frozenset[str]]
    """Inputs besides the student's logits.

    A subset of labels, logits, rows, pooled, tokens, projections.
    """
    at_match: ClassVar[Literal["zero", "minimum", "none"]]
    """Behaviour for a student equal to its teacher: zero, at its minimum, or neither."""
    rescale: ClassVar[bool] = False
    """Whether a feature loss is scaled to the size of the hard loss at step 0.

    Not meant for values in nats that start near zero.
    """
    width_free: ClassVar[bool] = True
    """Whether it accepts different widths; otherwise a connector goes in between."""
    soft_labels: ClassVar[bool] = False
    """Whether it accepts class probabilities as labels, such as mixup produces."""
    holds: ClassVar[bool] = False
    """Whether a student-dependent part is held constant (stop-gradient).

    The derivative of the value is then not the gradient of the loss.
    """
    sees_rows: ClassVar[bool] = True
    """Whether it constrains each row individually; if not, a hard loss is required."""
    fewest_classes: ClassVar[int] = 2
    idle_at_two: ClassVar[frozenset[str]] = frozenset()
    """Knobs without effect when there are two classes."""
    fewest_rows: ClassVar[int] = 1
    """Smallest batch over which its statistics can be estimated."""
    squares: ClassVar[bool] = False
    """Whether it regresses the raw teacher logits, so that their scale matters."""
    cools: ClassVar[bool] = False
    """Whether its `temperature` may be lowered by a schedule during training; logit losses only."""
    head: ClassVar[Literal["", "last", "middle"]] = ""
    """Student layer that carries an extra head of this loss; empty: no extra head.

    The head is dropped together with the loss. A logit loss reads its outputs in place of the
    student's own logits, a hard loss in addition to them.
    """
    align: bool = False
    """Whether the part of its gradient that conflicts with the other terms is removed."""
    most_classes: ClassVar[int] = 0
    """Largest supported number of classes; 0: no limit."""
    rows_for: ClassVar[Mapping[str, int]] = {}
    """Required rows of the rarest class per unit of a knob."""
    ordered_only: ClassVar[bool] = False
    """Whether it is meant for ordinal classes only."""
    rare_classes_only: ClassVar[bool] = False
    """Whether it is meant for rare classes, or for tasks scored by F1."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the learned parts for these widths; call once, before the first forward."""

    def outputs(self, classes: int) -> int:
        """Number of outputs of the loss's own head."""
        return classes
