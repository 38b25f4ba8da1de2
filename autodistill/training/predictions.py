"""A network's predictions for rows, and the scores that they give."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax

from autodistill.analysis.resampling import resampled_scores
from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.training import agreement
from autodistill.training.batches import load_batch
from autodistill.training.forward import forward
from autodistill.training.placing import placed
from autodistill.training.precision import number_format
from autodistill.training.signals import OpenShard

EVALUATION_TOKENS = 16_384
RESAMPLES = 200


def predict(
    network: Any, shard: OpenShard, rows: NDArray[np.int64], *, device: Device = CPU
) -> NDArray[np.float32]:
    """Logits (rows, classes) in the order of `rows`; leaves the network in the mode it was in."""
    was_training = network.training
    network.eval()
    place = {int(row): i for i, row in enumerate(rows)}
    found: NDArray[np.float32] | None = None
    size = max(1, EVALUATION_TOKENS // int(shard.table.lengths[rows].max()))
    with placed(network, device) as there, torch.inference_mode(), number_format(device):
        for part in shard.table.in_length_order(rows, size):
            batch = load_batch(shard, part).to(there)
            logits = forward(network, batch, states=False)[0].float().cpu().numpy()
            if found is None:
                found = np.zeros((len(rows), logits.shape[1]), dtype=np.float32)
            found[[place[int(r)] for r in part]] = logits
    network.train(was_training)
    assert found is not None
    return found


def diagnose(
    logits: NDArray[np.float32], shard: OpenShard, rows: NDArray[np.int64], metric: str
) -> dict[str, float]:
    """Cross-entropy, standard error, calibration, and agreement with the teacher.

    The standard error is the score's, over the choice of rows.
    """
    judge = families.build("metrics", metric, {})
    labels, predictions = shard.labels[rows], judge.decide(logits)
    own = log_softmax(logits.astype(np.float64), axis=1)
    found = {"cross_entropy": float(-own[np.arange(len(labels)), labels].mean())}
    draw = np.random.default_rng(0)
    again = resampled_scores([predictions], labels, judge.of_rows, RESAMPLES, draw)[0, 1:]
    found["row_error"] = max(
        float(again.std(ddof=1)), 1 / len(labels)
    )  # a score of 1 is not known better than to one row
    found |= {
        "calibration_error": agreement.calibration_error(logits, labels),
        "brier": agreement.brier(logits, labels),
    }
    if shard.signals is not None:
        teacher = np.asarray(shard.signals.logits[rows])
        found |= {
            "agreement": agreement.agreement(logits, teacher),
            "teacher_kl": agreement.mean_kl(logits, teacher),
        }
        if (inherited := agreement.inherited_errors(logits, teacher, labels)) is not None:
            found["inherited_errors"] = inherited
    return found
