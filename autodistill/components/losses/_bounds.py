"""Lower bounds on mutual information, computed from a matrix of critic scores."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def mi_alpha_bound(
    scores: Float[Tensor, "batch batch"], baselines: Float[Tensor, "batch"], alpha: float
) -> Float[Tensor, ""]:
    """The leave-one-out bound I_alpha, in nats.

    Poole et al. 2019, arXiv:1905.06922. `scores[i, j]` = f(student j, teacher i) and `baselines[i]`
    = log q(teacher i). alpha = 1 is the InfoNCE end (never above log(batch - 1)), alpha = 0 the
    TUBA end. A single row carries no information: the bound is 0, still attached to the graph.
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
    """The InfoNCE bound, in nats; never above log(batch).

    van den Oord et al. 2018, arXiv:1807.03748. Rows of `scores` are teacher samples.
    """
    return (scores.diagonal() - scores.logsumexp(dim=1)).mean() + math.log(len(scores))


def tuba_bound(
    scores: Float[Tensor, "batch batch"], baselines: Float[Tensor, "batch"]
) -> Float[Tensor, ""]:
    """The bound I_TUBA, in nats.

    Poole et al. 2019, arXiv:1905.06922; `baselines` as for I_alpha. For a single row it is 0, still
    attached to the graph.
    """
    if len(scores) < 2:
        return scores.sum() * 0.0
    own = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    marginal = (scores - baselines.unsqueeze(1))[~own].exp().mean()
    return 1 + (scores.diagonal() - baselines).mean() - marginal


def _leave_one_out(scores: Tensor) -> Tensor:
    """At [i, j]: the log of the mean of exp(scores[i, k]) over all k except j.

    The sums before j and after j are added; subtracting entry j from the sum of the whole row would
    lose every digit once the critic is confident.
    """
    nothing = scores.new_full((len(scores), 1), -math.inf)
    before = torch.cat([nothing, scores[:, :-1].logcumsumexp(dim=1)], dim=1)
    after = torch.cat([scores[:, 1:].flip(1).logcumsumexp(dim=1).flip(1), nothing], dim=1)
    return torch.logaddexp(before, after) - math.log(len(scores) - 1)


def _mixed(batch: Tensor, learned: Tensor, alpha: float) -> Tensor:
    """log(alpha exp(batch) + (1 - alpha) exp(learned)).

    alpha = 0 and 1 are handled exactly, because log 0 has no gradient.
    """
    if alpha in (0, 1):
        return batch if alpha == 1 else learned
    return torch.logaddexp(batch + math.log(alpha), learned + math.log1p(-alpha))
