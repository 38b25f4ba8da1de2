"""Logits of all classes except the label's."""

import torch
from torch import Tensor


def others(logits: Tensor, place: Tensor) -> Tensor:
    """The logits without the class at `place` (batch, 1): (batch, classes - 1)."""
    rest = torch.ones_like(logits, dtype=torch.bool).scatter(1, place, False)
    return logits[rest].view(len(logits), -1)
