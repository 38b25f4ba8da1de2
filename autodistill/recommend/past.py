"""Finished studies as evidence: mean scores of pipelines, dataset fingerprints."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
import pandas as pd

from autodistill.recommend.evidence import Evidence
from autodistill.recommend.numbers import kind, table
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult, Trial

FEWEST = 12
"""Minimum number of pipelines with a complete run in a usable study."""
FEWEST_DATASETS = 4
"""Minimum number of datasets for choosing a model."""
CORE = (
    "log_rows",
    "log_classes",
    "length_50",
    "is_image",
    "is_pair",
    "teacher_accuracy",
    "teacher_lift",
    "landmark_surface",
)
"""Fingerprint entries used by models.

With a dozen datasets, more numbers would only identify each dataset.
"""


@dataclass(frozen=True)
class Past:
    """Studies that can be learned from."""

    records: Mapping[str, StudyResult]
    """Results by name of the study."""
    evidence: Evidence
    pipelines: Mapping[str, Pipeline]
    """Pipelines by key."""

    def fingerprint(self, name: str) -> Mapping[str, float]:
        """The dataset fingerprint of a study."""
        return self.records[name].facts.fingerprint or {}

    def best(self, name: str) -> Pipeline:
        """The pipeline with the best mean score in a study.

        Among those run more than once there, if there are any.
        """
        runs = scores_of(self.records[name])
        enough = min(2, max(map(len, runs.values())))
        return self.pipelines[
            max((k for k, s in runs.items() if len(s) >= enough), key=lambda k: fmean(runs[k]))
        ]

    def portfolio(self, *, images: bool) -> list[Pipeline]:
        """Common pipelines of studies on such rows, the best mean normalised rank first.

        Common: in at least half as many studies as the most widespread one.
        """
        here = (self.evidence.features["is_image"] == float(images)).to_numpy()
        if not here.any():
            return []
        keys = self.evidence.pipelines[here]
        counts, mean = (
            pd.Series(keys).value_counts(),
            pd.Series(self.evidence.standing[here]).groupby(keys).mean(),
        )
        common = [str(k) for k in counts.index if counts[k] >= counts.max() / 2]
        return [self.pipelines[k] for k in sorted(common, key=lambda k: -mean[k])]

    @property
    def is_enough(self) -> bool:
        """Whether the studies suffice to choose a model."""
        return len(self.evidence.names) >= FEWEST_DATASETS

    @cached_property
    def key(self) -> str:
        """Content hash of the evidence."""
        e = self.evidence
        text = e.features.to_csv(index=False, float_format="%.6g") + "\n".join(
            [*e.datasets, *e.pipelines, *(f"{s:.6g}" for s in e.scores)]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def usable(record: StudyResult) -> bool:
    """Whether a study can be learned from."""
    return record.facts.fingerprint is not None and len(scores_of(record)) >= FEWEST


def scores_of(record: StudyResult) -> dict[str, list[float]]:
    """Scores of complete runs by pipeline, without baselines."""
    return {
        key: [o.score for o in runs if o.score is not None] for key, runs in runs_of(record).items()
    }


def runs_of(record: StudyResult) -> dict[str, list[Trial]]:
    """Complete runs by pipeline, without baselines."""
    if "runs_of" not in record.derived:
        record.derived["runs_of"] = _runs_of(record)
    known: dict[str, list[Trial]] = record.derived["runs_of"]
    return known


def _runs_of(record: StudyResult) -> dict[str, list[Trial]]:
    found: dict[str, list[Trial]] = defaultdict(list)
    for o in record.explored:
        if o.status == "complete" and o.score is not None and not o.baseline:
            found[o.pipeline.key].append(o)
    return found


def learn(records: Mapping[str, StudyResult]) -> Past:
    """The evidence of all usable studies, in the order given."""
    kept = {name: r for name, r in records.items() if usable(r)}
    pipelines = {o.pipeline.key: o.pipeline for r in kept.values() for o in r.outcomes}
    rows = [
        (name, key, fmean(scores))
        for name, r in kept.items()
        for key, scores in scores_of(r).items()
    ]
    datasets, studies = (
        [kept[name].study.dataset for name, _, _ in rows],
        [name for name, _, _ in rows],
    )
    keys = [key for _, key, _ in rows]
    features = table([pipelines[k] for k in keys]) if rows else pd.DataFrame()
    about = pd.DataFrame(
        [
            {c: (kept[name].facts.fingerprint or {}).get(c, np.nan) for c in CORE}
            for name in studies
        ],
        columns=list(CORE),
    )
    evidence = Evidence(
        pd.concat([features, about], axis=1),
        np.array(datasets, dtype=str),
        np.array(keys, dtype=str),
        np.array([score for *_, score in rows], dtype=float),
        CORE,
        studies=np.array(studies, dtype=str),
        kinds=np.array([kind(pipelines[k]) for k in keys], dtype=str),
    )
    return Past(kept, evidence, pipelines)


def ask(
    past: Past, pipelines: list[Pipeline], fingerprint: Mapping[str, float], dataset: str = "?"
) -> Evidence:
    """Rows without scores: these pipelines on a dataset with this fingerprint.

    `dataset` is its name, of which there may be studies.
    """
    columns = [c for c in past.evidence.features if c not in CORE]
    features = table(pipelines, [str(c) for c in columns])
    for name in CORE:
        features[name] = fingerprint.get(name, np.nan)
    count = len(pipelines)
    keys, kinds = np.array([p.key for p in pipelines]), np.array([kind(p) for p in pipelines])
    return Evidence(
        features[list(past.evidence.features)],
        np.full(count, dataset),
        keys,
        np.zeros(count),
        CORE,
        kinds=kinds,
    )
