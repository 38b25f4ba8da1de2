"""How the channels of each text go together over its tokens.

Source   Liu et al. 2021 (inter-channel correlation), ICCV 2021.
Idea     Which features of a layer fire together describes it, wherever in the text they do.
Inputs   token states of one layer of each network, equal widths (a connector makes them equal); the
         mask of valid tokens.
Units    dimensionless: squared distance between row-normalised Gram matrices of the channels,
         divided by the width, averaged over the batch.
Differs  tokens in place of pixels; states of padding are left out.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import FeatureLoss


class InterChannel(FeatureLoss):
    """Squared distance between the channels' normalised inner products, text by text."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    at_match = "zero"
    rescale = True
    width_free = False

    def compute(
        self,
        student: Float[Tensor, "batch tokens width"],
        teacher: Float[Tensor, "batch tokens width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return distance(channels(student, mask), channels(teacher, mask))


def channels(
    states: Float[Tensor, "batch tokens width"], mask: Int[Tensor, "batch tokens"]
) -> Float[Tensor, "batch width width"]:
    """Inner products of the channels over valid tokens, each row of unit length."""
    valid = torch.where(mask.bool().unsqueeze(2), states, 0.0)
    return F.normalize(valid.transpose(1, 2) @ valid, dim=2)


def distance(
    own: Float[Tensor, "batch width width"], theirs: Float[Tensor, "batch width width"]
) -> Float[Tensor, ""]:
    """Their squared distance, divided by rows and width."""
    return (own - theirs).square().sum() / (own.shape[0] * own.shape[1])
