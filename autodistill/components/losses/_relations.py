"""Pairwise relations between the rows of a batch in one layer of a network."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F


def similarities(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch"]:
    """Cosine similarities of all pairs of rows."""
    unit = F.normalize(states, dim=1)
    return unit @ unit.T


def differences(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch width"]:
    """Difference vectors: row i minus row j at [i, j]."""
    return states.unsqueeze(1) - states.unsqueeze(0)


def relative_distances(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch"]:
    """Distances of all pairs divided by their mean; 0 if all rows are identical."""
    found = torch.cdist(states, states, compute_mode="donot_use_mm_for_euclid_dist")
    pairs = max(1, len(states) * (len(states) - 1))
    return found / (found.sum() / pairs).clamp_min(1e-12)


def angles(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch batch"]:
    """Cosines of the angles at row i between the directions to rows j and k.

    0 where one of the directions has length zero.
    """
    unit = F.normalize(differences(states), dim=2)
    return unit @ unit.transpose(1, 2)
