"""Proxies: scores of untrained students from a few batches; higher is better.

A member examines a student, and the teacher where it needs one; it changes no weight. Students
are compared by ranks, since scores of two proxies have nothing in common.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm

Seen = WeakKeyDictionary[Any, dict[str, Any]]


@dataclass(frozen=True)
class ForwardOutput:
    """A batch of rows as both networks take it."""

    inputs: dict[str, Tensor]
    """Keyword arguments of a network of Transformers: ids and masks, or pixels."""
    labels: Tensor
    answers: Tensor | None = None
    """Logits of the trained teacher (batch, classes), where they are recorded."""
    seen: Seen = field(default_factory=WeakKeyDictionary, compare=False, repr=False)
    """Cached outputs by network: several proxies read the same."""

    def once(self, network: Any, what: str, make: Callable[[], Any]) -> Any:
        """The cached value, computed by `make` at the first call."""
        known = self.seen.setdefault(network, {})
        if what not in known:
            known[what] = make()
        return known[what]

    def parts(self, count: int) -> "Iterator[ForwardOutput]":
        """The same rows in this many batches, each as long as its longest row."""
        for rows in torch.arange(len(self.labels)).chunk(count):
            inputs = {k: v[rows] for k, v in self.inputs.items()}
            if "attention_mask" in inputs:
                longest = int(inputs["attention_mask"].sum(1).max())
                inputs = {k: v[:, :longest] for k, v in inputs.items()}
            yield ForwardOutput(
                inputs, self.labels[rows], None if self.answers is None else self.answers[rows]
            )

    def mask(self, states: Tensor) -> Tensor:
        """Valid positions of these states: (batch, tokens)."""
        known = self.inputs.get("attention_mask")
        if known is not None and known.shape[1] == states.shape[1]:
            return known
        return torch.ones(states.shape[:2], dtype=torch.long, device=states.device)


class Proxy(ABC):
    """One training-free score."""

    compares: ClassVar[bool] = False
    """Whether it compares with the teacher's network, at random weights too."""
    looks_at: ClassVar[str] = "batch"
    """shape: only the network; start: its random weights; batch: rows, too; built.

    built: the student as it would be trained, on many rows, with the trained teacher's logits.
    """

    weights: ClassVar[str] = "own"
    """Random weights: own, drawn by the network itself, or normal, of deviation one."""

    @abstractmethod
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """Score of a student in evaluation mode; NaN where it is undefined.

        `teacher` is None unless the proxy compares with it.
        """


@contextmanager
def normed_by_batch(network: nn.Module) -> Iterator[None]:
    """A context with batch norms in training mode that update no statistics."""
    kept = [
        (m, m.running_mean, m.running_var) for m in network.modules() if isinstance(m, _BatchNorm)
    ]
    try:
        for module, *_ in kept:
            module.running_mean = module.running_var = None
        yield
    finally:
        for module, mean, variance in kept:
            module.running_mean, module.running_var = mean, variance


def ask(network: Any, **inputs: Any) -> Any:
    """One pass of a network that has not been trained."""
    with normed_by_batch(network):
        return network(**inputs)


@torch.no_grad()
def last_states(network: Any, shown: ForwardOutput) -> Tensor:
    """Last states of each token or image position: (batch, tokens, width)."""

    def look() -> Tensor:
        states: Tensor = (
            ask(network, **shown.inputs, output_hidden_states=True).hidden_states[-1].float()
        )
        return states.flatten(2).transpose(1, 2) if states.dim() == 4 else states

    found: Tensor = shown.once(network, "states", look)
    return found


def mean_states(network: Any, shown: ForwardOutput) -> Tensor:
    """Mean of the last states over valid tokens: (batch, width)."""
    states = last_states(network, shown)
    return mean_of(states, shown.mask(states))


def mean_of(states: Tensor, mask: Tensor) -> Tensor:
    """(batch, tokens, width) to (batch, width), the mean over valid tokens."""
    weight = mask.unsqueeze(2).to(states)
    return (states * weight).sum(1) / weight.sum(1).clamp_min(1.0)


def label_loss(network: Any, shown: ForwardOutput) -> Tensor:
    """Mean cross-entropy of the batch."""
    return F.cross_entropy(ask(network, **shown.inputs).logits.float(), shown.labels)


def label_gradients(network: Any, shown: ForwardOutput) -> list[tuple[Tensor, Tensor]]:
    """Weights of linear maps and convolutions with their cross-entropy gradients."""
    found: list[tuple[Tensor, Tensor]] = shown.once(
        network,
        "gradients",
        lambda: list(with_gradients(network, lambda: label_loss(network, shown)).values()),
    )
    return found


def with_gradients(network: Any, value: Callable[[], Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
    """Weights of linear maps and convolutions with gradients of a value, by name.

    No gradients are left in the network.
    """
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d)
    weights = {
        f"{name}.weight": m.weight for name, m in network.named_modules() if isinstance(m, kinds)
    }
    with every_weight_trained(network):
        found = torch.autograd.grad(value(), list(weights.values()), allow_unused=True)
    return {n: (w.detach(), g) for (n, w), g in zip(weights.items(), found) if g is not None}


@contextmanager
def every_weight_trained(network: Any) -> Iterator[None]:
    """A context in which gradients reach all weights."""
    wanted = {p: p.requires_grad for p in network.parameters()}
    try:
        for p in wanted:
            p.requires_grad_(True)
        yield
    finally:
        for p, was in wanted.items():
            p.requires_grad_(was)
