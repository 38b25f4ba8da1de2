"""Flow matrices between two layers.

Source   Yim et al. 2017 (flow of solution procedure), CVPR 2017, eq. 1 and 2.
Idea     Products of a lower and a higher layer's features, averaged over the text, describe how a
         network solves a problem rather than its result.
Inputs   token states of two layers of each network, equal widths (a connector makes them equal);
         the mask of valid tokens.
Units    squared feature products, averaged over matrix entries and rows.
Differs  tokens in place of pixels; the lower layer is the one below the matched layer.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.losses import FeatureLoss


class FSP(FeatureLoss):
    """Mean squared difference between flow matrices."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    spans = True
    at_match = "zero"
    rescale = True
    width_free = False

    def compute(
        self,
        student: Float[Tensor, "2 batch tokens width"],
        teacher: Float[Tensor, "2 batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return (
            (flow(student[0], student[1], mask) - flow(teacher[0], teacher[1], mask))
            .square()
            .mean()
        )


def flow(
    first: Float[Tensor, "batch tokens lower"],
    second: Float[Tensor, "batch tokens higher"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, "batch lower higher"]:
    """Products of lower and higher features, averaged over valid tokens."""
    valid = torch.where(mask.bool().unsqueeze(2), first, 0.0)
    found: Tensor = valid.transpose(1, 2) @ torch.where(mask.bool().unsqueeze(2), second, 0.0)
    return found / mask.sum(1).clamp_min(1)[:, None, None]
