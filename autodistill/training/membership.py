"""Membership: how well the rows that a student was trained on can be told from others.

Source   membership by the loss: Yeom et al. 2018, arXiv:1709.01604; by subjects, that rows of one
         person count together: Suri et al. 2022, arXiv:2206.03317.
Differs  No dataset here names persons: rows count by their share of personal words instead, where
         any has some.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.metrics import roc_auc_score

from autodistill.runtime.device import Device
from autodistill.training.predictions import predict
from autodistill.training.signals import OpenShard

LEAK = "membership"
"""The name of the metric."""


def membership_auc(
    trained: NDArray[np.float64],
    others: NDArray[np.float64],
    personal: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> float:
    """ROC AUC of an attack that takes rows of small loss for trained ones; 0.5: no leak.

    `personal`: weights of the rows of both kinds.
    """
    return float(
        roc_auc_score(
            np.repeat([1, 0], [len(trained), len(others)]),
            -np.concatenate([trained, others]),
            sample_weight=None if personal is None else np.concatenate(personal),
        )
    )


def row_losses(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cross-entropy of each row, in nats."""
    found: NDArray[np.float64] = -log_softmax(logits.astype(np.float64), axis=1)[
        np.arange(len(labels)), labels
    ]
    return found


def leak(
    network: Any,
    shard: OpenShard,
    rows: NDArray[np.int64],
    selection: NDArray[np.int64],
    *,
    device: Device,
) -> float:
    """The chance that a trained row has a smaller loss than a validation row.

    Of the trained rows, as many as there are validation rows.
    """
    some = np.sort(np.random.default_rng(0).permutation(rows)[: len(selection)])
    trained, others = (
        row_losses(predict(network, shard, part, device=device), shard.labels[part])
        for part in (some, selection)
    )
    return membership_auc(trained, others, _weights(shard, some, selection))


def _weights(
    shard: OpenShard, some: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Shares of personal words; None where one of the kinds of rows has none."""
    if shard.personal is None:
        return None
    found = shard.personal[some], shard.personal[others]
    return found if all(part.any() for part in found) else None
