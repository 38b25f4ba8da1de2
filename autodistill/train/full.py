"""Full trainings: a recipe's student on all labelled rows, and a teacher's fine-tuning."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill import family
from autodistill.arrays import Shard
from autodistill.pipeline import Part, Pipeline, Term
from autodistill.students import Vocabulary, load_classifier, use_labels, use_vocabulary
from autodistill.train.fit import FitPlan, Tick, count, fit, never, shapes_of
from autodistill.train.module import Shapes
from autodistill.train.trial import TrialData

NO_ROWS = np.zeros(0, dtype=np.int64)
TAIL = 0.5
"""The share of the steps at the end whose weights are averaged."""


@dataclass(frozen=True)
class Trained:
    """A student after its full training."""

    network: Any
    tokenizer: Path
    vocabulary: str
    seconds: float
    size: dict[str, float]


def train_in_full(data: TrialData, pipeline: Pipeline, *, epochs: int, seed: int, tick: Tick) -> Trained:
    """Train on train and selection rows together; no row is held back, nothing is chosen any more."""
    torch.manual_seed(seed)
    student = family.build("students", pipeline.student.name, pipeline.student.knobs)
    words = data.vocabularies[student.vocabulary]
    network = student.build(data.backbone, words)
    shard = data.shards[student.vocabulary].open()
    plan = FitPlan(
        terms=pipeline.terms,
        optimizer=pipeline.optimizer,
        shapes=shapes_of(network, shard),
        rows=np.arange(data.train_rows + data.selection_rows),
        selection=NO_ROWS,
        epochs=epochs,
        seed=seed,
        metric=data.metric,
        bfloat16=data.bfloat16,
        average=TAIL,
    )
    result = fit(network, shard, plan, never, tick)
    return Trained(network, words.folder, student.vocabulary, result.train_seconds, count(network))


def tune(
    source: Path, label_names: Sequence[str], words: Vocabulary, shard: Shard, target: Path, *, seed: int, bfloat16: bool, tick: Tick
) -> float:
    """Fine-tune a classifier with cross-entropy and save it with its tokenizer; returns seconds.

    `words` is the trimmed vocabulary and `shard` is in its ids: embeddings of words that never occur get no gradient,
    so they are left out of every step and put back, unchanged, at the end.
    """
    from transformers import AutoTokenizer

    begin = time.perf_counter()
    torch.manual_seed(seed)
    network = load_classifier(source, len(label_names))
    use_labels(network, tuple(label_names), ())
    full = network.get_input_embeddings()
    size, pad = network.config.vocab_size, network.config.pad_token_id
    use_vocabulary(network, words)
    opened = shard.open()
    rows = np.arange(len(opened.table))
    how = tuning(len(rows))
    plan = FitPlan(
        terms=(Term(Part("ce"), 1.0),),
        optimizer=how.optimizer,
        shapes=Shapes(0, 0, 0, 0),
        rows=rows,
        selection=NO_ROWS,
        epochs=how.epochs,
        seed=seed,
        metric="accuracy",
        bfloat16=bfloat16,
        average=TAIL,
    )
    fit(network, opened, plan, never, tick)
    assert words.keep is not None
    with torch.no_grad():
        full.weight[torch.from_numpy(np.load(words.keep))] = network.get_input_embeddings().weight
    network.set_input_embeddings(full)
    network.config.vocab_size, network.config.pad_token_id = size, pad
    network.save_pretrained(target)
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(target)
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Tuning:
    """How a teacher is fine-tuned on a training set of some size."""

    epochs: int
    optimizer: Part


def tuning(rows: int) -> Tuning:
    """One pass over a large set, up to four over a small one; the fewer steps, the higher the rate."""
    epochs = min(4, max(1, math.ceil(20_000 / rows)))
    steps = epochs * rows / 32
    lr = min(1.5e-4, max(4e-5, 1e-4 * math.sqrt(400 / steps)))
    return Tuning(epochs, Part("adamw", {"lr": lr, "batch": 32, "weight_decay": 0.01, "warmup": 0.06}))
