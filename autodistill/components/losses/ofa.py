"""Cross-entropy with teacher probabilities raised at the label.

Source   Hao et al. 2023 (OFA-KD), arXiv:2310.19444.
Idea     A teacher of another architecture is trusted where it agrees with the label: epsilon raises
         the label's weight, the more so the more confident the teacher is.
Inputs   logits of both networks, class indices; at least two classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  on the final logits alone; at epsilon 1 it is `kl` up to a constant. Not zero-based: a
         value below zero would mean nothing.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.registry.ranges import Real


class OFA(RowLoss):
    """-T² sum over classes of [(p + y)^epsilon - y] log q.

    p is the teacher, q the student, and y is one at the label.
    """

    kind = "logit"
    needs = frozenset({"labels", "logits"})
    at_match = "none"

    def __init__(
        self,
        *,
        epsilon: Annotated[float, Real(1.0, 2.0)] = 1.5,
        temperature: Annotated[float, Real(1.0, 4.0, log=True)] = 1.0,
    ) -> None:
        super().__init__()
        self.epsilon = epsilon
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are class indices."""
        t = self.temperature
        ours, theirs = F.log_softmax(student / t, dim=-1), F.softmax(teacher / t, dim=-1)
        label = F.one_hot(labels.long(), student.shape[-1]).to(theirs)
        wanted = (theirs + label) ** self.epsilon - label
        return -(wanted * ours).sum(-1) * t**2
