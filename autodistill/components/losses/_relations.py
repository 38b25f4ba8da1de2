"""How the rows of a batch relate to each other in one network's layer."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F


def similarities(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch"]:
    """Cosines of all pairs of rows."""
    unit = F.normalize(states, dim=1)
    return unit @ unit.T


def differences(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch width"]:
    """From row j to row i, at [i, j]."""
    return states.unsqueeze(1) - states.unsqueeze(0)


def relative_distances(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch"]:
    """Distances of all pairs over their mean; 0 where all rows are the same."""
    found = torch.cdist(states, states, compute_mode="donot_use_mm_for_euclid_dist")
    pairs = max(1, len(states) * (len(states) - 1))
    return found / (found.sum() / pairs).clamp_min(1e-12)


def angles(states: Float[Tensor, "batch width"]) -> Float[Tensor, "batch batch batch"]:
    """Cosine of the angle at row i between the directions to j and to k; 0 where one of them has no direction."""
    unit = F.normalize(differences(states), dim=2)
    return unit @ unit.transpose(1, 2)
