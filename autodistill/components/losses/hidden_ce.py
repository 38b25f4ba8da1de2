"""Features read as probability distributions.

Source   He et al. 2021, arXiv:2109.11105, the intermediate loss CE.
Idea     A softmax over the width of a layer shows which units stand out; the same units should
         stand out in the student.
Inputs   one layer of each network, equal widths (a connector makes them equal): means over tokens,
         or every token.
Units    nats, averaged over the batch.
Differs  zero-based: the teacher's entropy is subtracted, which changes no gradient.
"""

from typing import Annotated, Literal

from jaxtyping import Float
from torch import Tensor

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._softened import divergence, softened
from autodistill.registry.ranges import OneOf


class HiddenCE(FeatureLoss):
    """KL(softmax of the teacher's features || softmax of the student's)."""

    kind = "feature"
    needs = frozenset({"pooled"})
    at_match = "zero"
    rescale = True
    width_free = False

    def __init__(
        self, *, on: Annotated[Literal["pooled", "tokens"], OneOf("pooled", "tokens")] = "pooled"
    ) -> None:
        super().__init__()
        self.on = self.signal = on

    def compute(
        self, student: Float[Tensor, "batch width"], teacher: Float[Tensor, "batch width"]
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        q, p = softened(student, teacher)
        return divergence(p, q).mean()
