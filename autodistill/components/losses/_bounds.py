"""Lower bounds on mutual information, from a matrix of scores."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def mi_alpha_bound(
    scores: Float[Tensor, "batch batch"], baselines: Float[Tensor, "batch"], alpha: float
) -> Float[Tensor, ""]:
    """The bound I_alpha of Poole et al. 2019, arXiv:1905.06922, leaving one out, in nats.

    `scores[i, j]` = f(student j, teacher i) and `baselines[i]` = log q(teacher i). alpha = 1 is the InfoNCE end
    (never above log(batch - 1)), alpha = 0 the TUBA end. A single row holds no information: 0, with a graph.
    """
    size = len(scores)
    if size < 2:
        return scores.sum() * 0.0
    own = torch.eye(size, dtype=torch.bool, device=scores.device)
    mixed = _mixed(_leave_one_out(scores), baselines.unsqueeze(1).expand_as(scores), alpha)
    joint = (scores.diagonal().unsqueeze(1) - mixed)[~own].mean()
    marginal = (scores - mixed.diagonal().unsqueeze(1))[~own].exp().mean()
    return 1 + joint - marginal


def infonce_bound(scores: Float[Tensor, "batch batch"]) -> Float[Tensor, ""]:
    """The bound of van den Oord et al. 2018, arXiv:1807.03748, in nats: never above log(batch); rows are teacher samples."""
    return (scores.diagonal() - scores.logsumexp(dim=1)).mean() + math.log(len(scores))


def tuba_bound(
    scores: Float[Tensor, "batch batch"], baselines: Float[Tensor, "batch"]
) -> Float[Tensor, ""]:
    """The bound I_TUBA of Poole et al. 2019, arXiv:1905.06922, in nats; `baselines` as for I_alpha. A single row: 0, with a graph."""
    if len(scores) < 2:
        return scores.sum() * 0.0
    own = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    marginal = (scores - baselines.unsqueeze(1))[~own].exp().mean()
    return 1 + (scores.diagonal() - baselines).mean() - marginal


def _leave_one_out(scores: Tensor) -> Tensor:
    """Entry [i, j]: log of the mean of exp(scores[i, k]) over all k but j.

    What stands before j and what stands after it are added; subtracting j from the whole row instead would lose
    every digit once the critic is confident.
    """
    nothing = scores.new_full((len(scores), 1), -math.inf)
    before = torch.cat([nothing, scores[:, :-1].logcumsumexp(dim=1)], dim=1)
    after = torch.cat([scores[:, 1:].flip(1).logcumsumexp(dim=1).flip(1), nothing], dim=1)
    return torch.logaddexp(before, after) - math.log(len(scores) - 1)


def _mixed(batch: Tensor, learned: Tensor, alpha: float) -> Tensor:
    """Log of alpha exp(batch) + (1 - alpha) exp(learned); the ends are taken exactly, for log 0 has no gradient."""
    if alpha in (0, 1):
        return batch if alpha == 1 else learned
    return torch.logaddexp(batch + math.log(alpha), learned + math.log1p(-alpha))
