"""Learned queries that gather what the teacher has from the student's tokens.

Source   Fan et al. 2024 (ScaleKD), arXiv:2411.06786, the cross-attention projector.
Idea     The teacher's feature may lie spread over the student's tokens; queries learn where to look for it.
Inputs   every token's state in a student's layer, of any width; which tokens are valid.
Units    those of the teacher's features.
Differs  the query is the mean of the tokens where the teacher's mean is compared, each token where its tokens are: texts have no grid.
"""

from jaxtyping import Float, Int
from torch import Tensor, nn

from autodistill.components.connectors import Connector


class CrossAttention(Connector):
    """Attention over the student's tokens, as wide as the teacher."""

    gathers = True

    queries: nn.Linear
    attention: nn.MultiheadAttention

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make queries and attention."""
        heads = next(n for n in (8, 4, 2, 1) if teacher_width % n == 0)
        self.queries = nn.Linear(student_width, teacher_width)
        self.attention = nn.MultiheadAttention(
            teacher_width, heads, kdim=student_width, vdim=student_width, batch_first=True
        )

    def forward(
        self, student: Float[Tensor, "*rows student_width"]
    ) -> Float[Tensor, "*rows teacher_width"]:
        """Refused: one vector has nothing to gather from."""
        raise TypeError("connector 'cross_attention' reads tokens; call gather")

    def gather(
        self,
        tokens: Float[Tensor, "batch tokens student_width"],
        mask: Int[Tensor, "batch tokens"],
        *,
        each: bool,
    ) -> Tensor:
        """(batch, tokens, teacher_width) if `each`, else (batch, teacher_width)."""
        unread = ~mask.bool() & mask.bool().any(1, keepdim=True)
        mean = (tokens * mask.unsqueeze(2)).sum(1, keepdim=True) / mask.sum(1).clamp_min(1)[
            :, None, None
        ]
        asked = self.queries(tokens if each else mean)
        found: Tensor = self.attention(
            asked, tokens, tokens, key_padding_mask=unread, need_weights=False
        )[0]
        return found if each else found.squeeze(1)
