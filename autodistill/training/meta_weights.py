"""Value of each row's teacher signal for rows that the student does not train on."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from autodistill.training.batches import Batch, load_batch
from autodistill.training.forward import forward
from autodistill.training.signals import OpenShard

SMALL = 1e-2
"""Step length of the difference quotient, in parameter space."""
Excess = Callable[[Batch], Tensor]
"""Logit loss less cross-entropy of each row: (batch,)."""


def split(
    rows: NDArray[np.int64], share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to train on, in their order, and held-out rows.

    At least one of each where there are two rows.
    """
    held = np.random.default_rng((seed, 2)).permutation(rows)[
        : min(len(rows) - 1, max(1, round(share * len(rows))))
    ]
    return rows[~np.isin(rows, held)], held


class HeldOut:
    """Random batches of held-out rows."""

    def __init__(self, shard: OpenShard, rows: NDArray[np.int64], size: int, seed: int) -> None:
        self.shard = shard
        self.rows = rows
        self.size = min(size, len(rows))
        self.random = np.random.default_rng((seed, 3))

    def batch(self) -> Batch:
        """The next batch."""
        return load_batch(self.shard, self.random.choice(self.rows, self.size, replace=False))


def gains(network: nn.Module, excess: Excess, batch: Batch, held: Batch) -> Tensor:
    """Gain of each row of the batch from its teacher: (batch,).

    It is the slope of (logit loss - cross-entropy) along the slope of the held-out cross-entropy. A
    row above zero lowers the held-out loss more when its teacher weighs more. In the precision of
    the parameters, without dropout.
    """
    parameters = [p for p in network.parameters() if p.requires_grad]
    was_training = network.training
    network.eval()
    with torch.autocast(held.labels.device.type, enabled=False):
        loss = F.cross_entropy(forward(network, held, states=False)[0], held.labels)
        found = torch.autograd.grad(loss, parameters, allow_unused=True)
        slopes = [torch.zeros_like(p) if g is None else g for p, g in zip(parameters, found)]
        length = torch.stack([g.square().sum() for g in slopes]).sum().sqrt().clamp_min(1e-12)
        kept = [p.detach().clone() for p in parameters]
        ends = []
        with torch.no_grad():
            for sign in (1.0, -1.0):
                for p, k, g in zip(parameters, kept, slopes):
                    p.copy_(k + sign * SMALL / length * g)
                ends.append(excess(batch))
            for p, k in zip(parameters, kept):
                p.copy_(k)
    network.train(was_training)
    return (ends[0] - ends[1]) / (2 * SMALL / length)
