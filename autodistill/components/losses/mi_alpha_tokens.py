"""Lower bound on the mutual information of two layers' token sequences.

Source   He et al. 2021, arXiv:2109.11105, MI-alpha with its transformer critic; the bound is that
         of `mi_alpha`.
Idea     The critic reads all tokens of a row, so that information in their order is not lost in a
         mean.
Inputs   token states of one layer of each network, any widths; the mask of valid tokens; at least
         two rows, preferably 16 or more.
Units    nats, negated, as in `mi_alpha`.
Differs  tokens are projected to one width before the encoder, so that its heads fit any network;
         mean pooling in place of the first token; one critic per pair of layers.
"""

from typing import Annotated

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss
from autodistill.components.losses._bounds import mi_alpha_bound
from autodistill.components.losses._critic import tower
from autodistill.registry.ranges import OneOf, Real

HEADS, FEED_FORWARD, SCORE_WIDTH = 8, 512, 16
"""Heads, feed-forward width and output width of each tower, as in He et al."""


class MIAlphaTokens(FeatureLoss):
    """The negated I_alpha, with transformer towers and a baseline on the teacher."""

    kind = "feature"
    needs = frozenset({"tokens"})
    signal = "tokens"
    beside = ("mask",)
    at_match = "none"
    fewest_rows = 16

    student_tower: "Reader"
    teacher_tower: "Reader"
    baseline: nn.Sequential

    def __init__(
        self,
        *,
        alpha: Annotated[float, Real(0.05, 1.0)] = 0.9,
        hidden: Annotated[int, OneOf(64, 128)] = 64,
        encoder_layers: Annotated[int, OneOf(1, 2)] = 2,
        rate: Annotated[float, Real(1.0, 10.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.alpha = alpha
        self.hidden = hidden
        self.encoder_layers = encoder_layers
        self.rate = rate
        """Learning rate of the critic, as a multiple of the student's."""

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the critic's towers and the baseline network."""
        self.student_tower = Reader(student_width, self.hidden, self.encoder_layers)
        self.teacher_tower = Reader(teacher_width, self.hidden, self.encoder_layers)
        self.baseline = tower(teacher_width, self.hidden, 1)

    def compute(
        self,
        student: Float[Tensor, "batch tokens student_width"],
        teacher: Float[Tensor, "batch tokens teacher_width"],
        mask: Int[Tensor, "batch tokens"],
    ) -> Float[Tensor, ""]:
        """The loss of the batch."""
        scores = self.teacher_tower(teacher, mask) @ self.student_tower(student, mask).T
        return -mi_alpha_bound(scores, self.baseline(_mean(teacher, mask)).squeeze(-1), self.alpha)


class Reader(nn.Module):
    """A transformer encoder that maps a sequence to one vector."""

    def __init__(self, width: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.enter = nn.Linear(width, hidden)
        layer = nn.TransformerEncoderLayer(
            hidden, HEADS, FEED_FORWARD, dropout=0.0, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.leave = nn.Linear(hidden, SCORE_WIDTH)

    def forward(
        self, states: Float[Tensor, "batch tokens width"], mask: Int[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch scored"]:
        """The encoded mean over valid tokens; a row without any is read as its padding."""
        unread = ~mask.bool() & mask.bool().any(1, keepdim=True)
        found: Tensor = self.leave(
            _mean(self.encoder(self.enter(states), src_key_padding_mask=unread), mask)
        )
        return found


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weight = mask.unsqueeze(2).to(states)
    return (states * weight).sum(1) / weight.sum(1).clamp_min(1.0)
