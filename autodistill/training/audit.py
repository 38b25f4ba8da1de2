"""Audit of a trained student: membership leaks, teacher hacking, layer entropy.

It uses rows of the study that are not the held-out test rows.

Sources  membership by the loss: Yeom et al. 2018, arXiv:1709.01604; teacher hacking: Tiapkin et al.
2025, arXiv:2502.02671;
         layers: Liao et al. 2024, arXiv:2312.04823.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.runtime.device import Device
from autodistill.training.agreement import mean_kl
from autodistill.training.assemble import make
from autodistill.training.batches import load_batch
from autodistill.training.fit import fit
from autodistill.training.forward import forward
from autodistill.training.membership import membership_auc, row_losses
from autodistill.training.placing import placed
from autodistill.training.predictions import EVALUATION_TOKENS, predict
from autodistill.training.rungs import Tick
from autodistill.training.signals import OpenShard
from autodistill.training.spectral_entropy import MOST_ROWS, information, profile
from autodistill.training.trial import TrialSpec
from autodistill.training.trial_data import TrialData


@dataclass(frozen=True)
class Look:
    """Losses at one moment of the training."""

    quarter: int
    train_kl: float
    """KL divergence from the teacher on rows that the student is trained on; nats."""
    held_out_kl: float
    """The same divergence on rows that it never sees."""
    held_out_ce: float
    """Cross-entropy with the labels of those unseen rows; nats."""


@dataclass(frozen=True)
class Audit:
    """Findings of an audit."""

    looks: tuple[Look, ...]
    membership: float
    """Chance that a trained row has a smaller loss than an unseen one; 0.5: no leak."""
    entropy: tuple[tuple[float, ...], tuple[float, ...]]
    """Entropy of the student's and of the teacher's states in bits, layer by layer."""
    information: tuple[tuple[float, ...], tuple[float, ...]]
    """Information of the same states about the label, in bits."""

    @property
    def hacked(self) -> tuple[int, ...]:
        """Quarters in which teacher hacking set in; see the function `hacked`."""
        return hacked(self.looks)


def hacked(looks: Sequence[Look]) -> tuple[int, ...]:
    """Quarters with teacher hacking: nearer to the teacher, further from the labels.

    The divergence on trained rows fell and the cross-entropy on held-out rows rose.
    """
    return tuple(
        b.quarter
        for a, b in pairwise(looks)
        if b.train_kl < a.train_kl and b.held_out_ce > a.held_out_ce
    )


def audit(data: TrialData, ticket: TrialSpec, tick: Tick) -> Audit:
    """Train as in a trial, on the training rows alone, and audit the student."""
    rows, held_out = (
        np.arange(data.train_rows),
        np.arange(data.train_rows, data.train_rows + data.selection_rows),
    )
    some = np.sort(np.random.default_rng(ticket.seed).permutation(rows)[: len(held_out)])
    made = make(
        data,
        ticket.pipeline,
        rows=rows,
        selection=held_out,
        epochs=ticket.epochs,
        seed=ticket.seed,
        views=ticket.views,
        tutored=ticket.tutored,
    )
    network, shard, looks = made.network, made.shard, list[Look]()

    def look(quarter: int, _: float) -> bool:
        looks.append(_look(network, shard, quarter, some, held_out, data.device))
        return False

    fit(network, shard, made.plan, look, tick)
    trained, others = (
        row_losses(predict(network, shard, r, device=data.device), shard.labels[r])
        for r in (some, held_out)
    )
    states, theirs = (
        _states(network, shard, held_out[:MOST_ROWS], data.device),
        _recorded(shard, held_out[:MOST_ROWS]),
    )
    labels = shard.labels[held_out[:MOST_ROWS]]
    known = information(theirs, labels) if theirs else ()
    return Audit(
        tuple(looks),
        membership_auc(trained, others),
        (profile(states), profile(theirs) if theirs else ()),
        (information(states, labels), known),
    )


def _look(
    network: Any,
    shard: OpenShard,
    quarter: int,
    some: NDArray[np.int64],
    held_out: NDArray[np.int64],
    device: Device,
) -> Look:
    assert shard.signals is not None
    own = [predict(network, shard, rows, device=device) for rows in (some, held_out)]
    trained, unseen = (
        mean_kl(logits, np.asarray(shard.signals.logits[rows]))
        for logits, rows in zip(own, (some, held_out))
    )
    return Look(quarter, trained, unseen, float(row_losses(own[1], shard.labels[held_out]).mean()))


def _states(
    network: Any, shard: OpenShard, rows: NDArray[np.int64], device: Device
) -> list[NDArray[np.floating]]:
    """Mean states of each layer: (rows, width), in the order of the rows."""
    network.eval()
    size = max(1, EVALUATION_TOKENS // int(shard.table.lengths[rows].max()))
    with placed(network, device) as there, torch.inference_mode():
        batches = (load_batch(shard, rows[i : i + size]) for i in range(0, len(rows), size))
        parts = [forward(network, batch.to(there), states=True)[1] for batch in batches]
    states = [torch.cat([part[layer] for part in parts]) for layer in range(len(parts[0]))]
    return [each.cpu().numpy() for each in states]


def _recorded(shard: OpenShard, rows: NDArray[np.int64]) -> list[NDArray[np.floating]]:
    pooled = shard.signals.pooled if shard.signals else {}
    return [np.asarray(pooled[n][rows], dtype=np.float32) for n in sorted(pooled)]
