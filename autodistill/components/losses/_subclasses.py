"""Subclasses: directions of teacher states within a class, and shares along them."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Subclasses:
    """Centre, principal directions and spread of every class."""

    centres: Float[Tensor, "classes width"]
    directions: Float[Tensor, "classes parts width"]
    """Unit vectors by decreasing variance, their largest entry positive."""
    spread: Float[Tensor, "classes parts"]
    """Standard deviation along each direction."""


def away_from(weights: Float[Tensor, "classes width"]) -> Float[Tensor, "width width"]:
    """The projection onto the null space of a linear map with these weights."""
    seen: Tensor = torch.linalg.pinv(weights) @ weights
    return torch.eye(len(seen), dtype=seen.dtype) - seen


def seen_by(
    states: Float[Tensor, "rows width"], logits: Float[Tensor, "rows classes"]
) -> Float[Tensor, "classes width"]:
    """Weights of the ridge regression from states to logits."""
    x, y = states - states.mean(0), logits - logits.mean(0)
    ridge = 1e-4 * x.square().mean() * len(x) * torch.eye(x.shape[1], dtype=x.dtype)
    found: Tensor = torch.linalg.solve(x.T @ x + ridge, x.T @ y)
    return found.T


def principal(
    states: Float[Tensor, "rows width"], labels: Int[Tensor, "rows"], classes: int, parts: int
) -> Subclasses:
    """The leading principal directions of each class; zero for a class without rows."""
    width = states.shape[1]
    found = Subclasses(
        states.new_zeros(classes, width),
        states.new_zeros(classes, parts, width),
        states.new_zeros(classes, parts),
    )
    for c in range(classes):
        own = states[labels == c]
        if not len(own):
            continue
        found.centres[c] = own.mean(0)
        variances, vectors = torch.linalg.eigh(
            (own - own.mean(0)).T @ (own - own.mean(0)) / len(own)
        )
        leading = vectors.flip(1)[:, :parts].T
        signs = leading.gather(1, leading.abs().argmax(1, keepdim=True)).sign()
        found.directions[c, : len(leading)] = leading * signs
        found.spread[c, : len(leading)] = variances.flip(0)[:parts].clamp_min(0).sqrt()
    return found


def places(
    states: Float[Tensor, "batch width"], known: Subclasses
) -> Float[Tensor, "batch classes parts"]:
    """Coordinates of rows along the directions of every class, from its centre."""
    return torch.einsum("bcw,cpw->bcp", states.unsqueeze(1) - known.centres, known.directions)


def shares(
    logits: Float[Tensor, "batch classes"], places: Float[Tensor, "batch classes parts"]
) -> Float[Tensor, "batch classes parts"]:
    """Log-probability of each class, split among its parts by a softmax of `places`."""
    return F.log_softmax(logits, dim=-1).unsqueeze(-1) + F.log_softmax(places, dim=-1)
