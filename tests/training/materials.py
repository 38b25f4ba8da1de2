"""Materials that the trials of a tiny study need, made on disk."""

from pathlib import Path

import numpy as np

from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.runtime.device import CPU
from autodistill.training.signals import Shard
from autodistill.training.trial_data import TrialData
from autodistill.training.word_vectors import word_vectors


def materials(
    teacher: Path, names: tuple[str, ...], rows: Rows, selection: int, home: Path
) -> TrialData:
    """Rows as tokens of every vocabulary and the tiny teacher's signals.

    The last `selection` rows are to choose by.
    """
    np.save(home / "labels.npy", rows.labels)
    np.save(home / "vectors.npy", word_vectors(teacher, 256, device=CPU, tick=lambda *_: None))
    order = tuple(range(len(names)))
    backbone = Backbone(teacher, names, order, 2, 32, word_vectors=home / "vectors.npy")
    shown = record(
        backbone,
        "key",
        tokenize(teacher, rows, 64, home),
        home,
        device=CPU,
        tick=lambda *_: None,
    )
    words = vocabularies(teacher, rows, 64, home, held_out=selection)
    shards = {
        n: Shard(tokenize(v.folder, rows, 64, home), home / "labels.npy", shown.folder)
        for n, v in words.items()
    }
    return TrialData(
        backbone, words, shards, len(rows) - selection, selection, "accuracy", device=CPU
    )
