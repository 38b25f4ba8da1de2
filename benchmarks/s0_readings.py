"""DisWOT's metric as it can be read, and three numbers of the student alone."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.search.screening.proxies import ForwardOutput, last_states, normed_by_batch
from autodistill.search.screening.proxies._relations import (
    channel_distance,
    class_distance,
    class_gradient,
    relation_distance,
)
from benchmarks.s0_networks import Network, network, teacher_network

Reading = Callable[[Any, Any, ForwardOutput], float]
"""(teacher, student, batch) to a score, higher is better."""


def read_all(shown: Sequence[ForwardOutput], start: int, depths: Network) -> dict[str, float]:
    """The metric as it can be read, and three numbers of the student alone.

    The latter grow with the depth of its last stage.
    """
    read: dict[str, Reading] = {
        "channels": _channels,
        "classes of gradients": lambda t, s, b: (
            -float(class_distance(_gradient(s, b), _gradient(t, b)))
        ),
        "classes of activation maps (paper)": lambda t, s, b: paper_distance(
            _maps(s, b).transpose(0, 1).flatten(1), _maps(t, b).transpose(0, 1).flatten(1)
        ),
        "rows by activation maps": lambda t, s, b: rows_distance(
            _maps(s, b).flatten(1), _maps(t, b).flatten(1)
        ),
        "relation of places (paper)": lambda t, s, b: paper_distance(
            last_states(s, b).flatten(1), last_states(t, b).flatten(1)
        ),
        "relation of places, rows normed": lambda t, s, b: rows_distance(
            last_states(s, b).flatten(1), last_states(t, b).flatten(1)
        ),
        "relation of means": lambda t, s, b: rows_distance(
            last_states(s, b).mean(1), last_states(t, b).mean(1)
        ),
        "relation of means, centred": lambda t, s, b: rows_distance(
            last_states(s, b).mean(1), last_states(t, b).mean(1), True
        ),
        "student alone: spread of logits": lambda t, s, b: float(_logits(s, b).std()),
        "student alone: length of the gradient": lambda t, s, b: float(_gradient(s, b).norm()),
    }
    found = {"student alone: blocks in the last stage": float(depths[2])}
    for weights in ("normal", "own"):
        student = network(depths, start, weights)
        for name, reading in read.items():
            found[f"{name}, {weights} weights"] = float(
                np.mean([reading(teacher_network(start, weights), student, s) for s in shown])
            )
    return found


def _channels(teacher: Any, student: Any, shown: ForwardOutput) -> float:
    return -float(channel_distance(_gradient(student, shown), _gradient(teacher, shown)))


def _gradient(net: Any, shown: ForwardOutput) -> Tensor:
    head = net.classifier
    return class_gradient(
        head.weight.detach(), last_states(net, shown).mean(1), shown.labels, head.bias.detach()
    )


def _maps(net: Any, shown: ForwardOutput) -> Tensor:
    """Class activation maps: (batch, classes, places)."""
    return torch.einsum("nc,bpc->bnp", net.classifier.weight.detach(), last_states(net, shown))


@torch.no_grad()
def _logits(net: Any, shown: ForwardOutput) -> Tensor:
    with normed_by_batch(net):
        found: Tensor = net(**shown.inputs).logits
    return found


def paper_distance(student: Tensor, teacher: Tensor) -> float:
    """Minus the distance of Gram matrices that are divided by their norm."""
    ours, theirs = (F.normalize((x @ x.T).flatten(), dim=0) for x in (student, teacher))
    return -float((ours - theirs).norm())


def rows_distance(student: Tensor, teacher: Tensor, centred: bool = False) -> float:
    return -float(relation_distance(student, teacher, centred=centred))
