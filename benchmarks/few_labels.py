"""Datasets of which a few rows keep their labels, and the others lose them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from autodistill.datasets import Rows, join, load
from autodistill.runtime import files


@dataclass(frozen=True)
class Setting:
    """A dataset with few labels."""

    dataset: str
    labels: int
    """Labelled rows, train and validation together; `per_class` of each class if it is given."""
    most: int
    """Unlabelled rows at most."""
    per_class: int = 0
    max_length: int = 64


SETTINGS = (
    Setting("banking77", 770, 5000, per_class=10),
    Setting("glue/sst2", 500, 20_000),
    Setting("ag_news_small", 200, 20_000),
    Setting("rotten_tomatoes", 500, 20_000),
    Setting("bbc-news", 100, 20_000),
)
MORE = tuple(
    Setting(name, 500, 20_000)
    for name in ("glue/cola", "glue/mrpc", "tweet_eval/emotion", "tweet_eval/irony")
)
"""Others, measured where they are named."""


def draw(setting: Setting, seed: int, place: Path, data_root: Path | None) -> Path:
    """A folder with train.csv and test.csv, and a file of unlabelled rows beside it."""
    folder = place / f"{setting.dataset.replace('/', '-')}-{setting.labels}-{seed}"
    if folder.exists():
        return folder
    task = load(setting.dataset, data_root=data_root)
    rows = join(task.train, task.selection)
    few, others = chosen_rows(rows, setting, seed)
    _table(rows.take(others), None).to_csv(folder.with_suffix(".unlabelled.csv"), index=False)
    with files.draft_folder(folder) as draft:
        names = task.label_names
        _table(rows.take(few), names).to_csv(draft / "train.csv", index=False)
        _table(task.test, names).to_csv(draft / "test.csv", index=False)
    return folder


def chosen_rows(rows: Rows, setting: Setting, seed: int) -> tuple[NDArray[np.int64], ...]:
    """The places of the rows that keep their labels, and of those that lose them."""
    order = np.random.default_rng(seed).permutation(len(rows))
    few = _few(rows.labels[order], setting)
    others = np.setdiff1d(np.arange(len(order)), few)[: setting.most]
    return order[few], order[others]


def _few(labels: NDArray[np.int64], setting: Setting) -> NDArray[np.int64]:
    if not setting.per_class:
        return np.arange(setting.labels)
    places = [np.flatnonzero(labels == c)[: setting.per_class] for c in np.unique(labels)]
    return np.sort(np.concatenate(places))


def _table(rows: Rows, names: tuple[str, ...] | None) -> pd.DataFrame:
    columns: dict[str, Any] = {"text": rows.first}
    if rows.second is not None:
        columns["pair"] = rows.second
    if names is not None:
        columns["label"] = [f"class {names[label]}" for label in rows.labels]
    return pd.DataFrame(columns)
