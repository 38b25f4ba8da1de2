"""Log-probabilities at a temperature, and the KL divergence between them."""

from torch import Tensor
from torch.nn import functional as F


def softened(student: Tensor, teacher: Tensor, temperature: float = 1.0) -> tuple[Tensor, Tensor]:
    """Student and teacher log-probabilities at this temperature: (batch, classes)."""
    return F.log_softmax(student / temperature, dim=-1), F.log_softmax(
        teacher / temperature, dim=-1
    )


def divergence(p: Tensor, q: Tensor) -> Tensor:
    """KL(p || q) of each row, in nats, from log-probabilities: (batch,)."""
    return F.kl_div(q, p, reduction="none", log_target=True).sum(-1)
