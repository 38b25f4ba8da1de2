"""Learned queries that attend over the student's tokens.

Source   Fan et al. 2024 (ScaleKD), arXiv:2411.06786, the cross-attention projector.
Idea     A teacher feature may be spread over the student's tokens; queries learn where to look for
         it.
Inputs   token states of one student layer, any width; the mask of valid tokens.
Units    those of the teacher's features.
Differs  the query is the mean token where the teacher's mean is compared, and each token where
         tokens are compared: texts have no grid.
"""

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.connectors import Connector


class CrossAttention(Connector):
    """Cross-attention over the student's tokens, as wide as the teacher."""

    gathers = True

    queries: nn.Linear
    attention: nn.MultiheadAttention

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the query map and the attention."""
        heads = next(n for n in (8, 4, 2, 1) if teacher_width % n == 0)
        self.queries = nn.Linear(student_width, teacher_width)
        self.attention = nn.MultiheadAttention(
            teacher_width, heads, kdim=student_width, vdim=student_width, batch_first=True
        )

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """Raise TypeError: a single vector offers nothing to attend over."""
        raise TypeError("connector 'cross_attention' reads tokens; call gather")

    def gather(
        self,
        tokens: Float[Tensor, "batch tokens student_width"],
        mask: Int[Tensor, "batch tokens"],
        *,
        each: bool,
    ) -> Tensor:
        """Attended features: (batch, tokens, teacher_width), or (batch, teacher_width).

        With `each`, there is one query per token; otherwise a single query, the mean token.
        """
        unread = ~mask.bool() & mask.bool().any(1, keepdim=True)
        mean = (tokens * mask.unsqueeze(2)).sum(1, keepdim=True) / mask.sum(1).clamp_min(1)[
            :, None, None
        ]
        asked = self.queries(tokens if each else mean)
        found: Tensor = self.attention(
            asked, tokens, tokens, key_padding_mask=unread, need_weights=False
        )[0]
        return found if each else found.squeeze(1)
