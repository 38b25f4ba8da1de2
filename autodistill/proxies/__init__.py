"""Proxies: what an untrained student promises, from a few batches and no step of training; higher is better.

A member looks at a student, and at the teacher where it needs one; it changes no weight. Which student is better is judged by ranks, since
scores of two proxies have nothing in common.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import torch
from torch import Tensor


@dataclass(frozen=True)
class Shown:
    """A batch of rows as both networks take it."""

    inputs: dict[str, Tensor]
    """Keyword arguments of a network of Transformers."""
    labels: Tensor
    seen: "WeakKeyDictionary[Any, Tensor]" = field(default_factory=WeakKeyDictionary, compare=False, repr=False)
    """Last states by network: several proxies look at them."""

    @property
    def mask(self) -> Tensor:
        """Valid tokens: (batch, tokens)."""
        return self.inputs["attention_mask"]


class Proxy(ABC):
    """One training-free score."""

    compares: ClassVar[bool] = False
    """Looks at the teacher, too."""

    @abstractmethod
    def score(self, student: Any, teacher: Any, shown: Shown) -> float:
        """Of a student that is set to predict; `teacher` is None where none is compared."""


@torch.no_grad()
def last_states(network: Any, shown: Shown) -> Tensor:
    """Of each token in the last layer: (batch, tokens, width); a network is asked once about a batch."""
    if network not in shown.seen:
        shown.seen[network] = network(**shown.inputs, output_hidden_states=True).hidden_states[-1].float()
    return shown.seen[network]


def mean_states(states: Tensor, mask: Tensor) -> Tensor:
    """Over valid tokens: (batch, width)."""
    weight = mask.unsqueeze(2).to(states)
    return (states * weight).sum(1) / weight.sum(1).clamp_min(1.0)


def with_gradients(network: Any, value: Callable[[], Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
    """Weights of linear layers and their gradients of this value, by name; nothing is left in the network."""
    wanted = {p: p.requires_grad for p in network.parameters()}
    weights = {f"{name}.weight": m.weight for name, m in network.named_modules() if isinstance(m, torch.nn.Linear)}
    try:
        for p in wanted:
            p.requires_grad_(True)
        found = torch.autograd.grad(value(), list(weights.values()), allow_unused=True)
    finally:
        for p, was in wanted.items():
            p.requires_grad_(was)
    return {n: (w.detach(), g) for (n, w), g in zip(weights.items(), found) if g is not None}
