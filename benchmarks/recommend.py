"""Quality of recommended recipes on datasets that were left out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from autodistill.errors import SpecError
from autodistill.recommend.choice import Judged, Marks, at_random, errors, judge, mean_of
from autodistill.recommend.evidence import Evidence
from autodistill.recommend.past import Past
from autodistill.recommend.sources import Sources, past_studies
from autodistill.runtime.progress import Screen
from benchmarks.halves import Fair, fair_regrets
from benchmarks.warm_start import first_looks, warm_start

STUDENT, TEACHER = "TinyBERT4", "BERT_BASE"
PIPELINE = (
    "intermediate_loss_type",
    "alpha",
    "intermediate_strategy",
    "kd_loss_type",
    "mixup",
    "repeated_aug",
    "aug_p",
)
AUGMENTATIONS = ("contextual", "backtranslation", "random")
ALL = ("rec_at_1", "rec_at_5", "mean_of_5", "spearman", "regret_1", "regret_5")
SHOWN = ("rec_at_1", "rec_at_5", "mean_of_5", "spearman")
DRAWS = 500


def read_table(folder: Path) -> Evidence:
    """The published table of He et al. 2021: one student, one teacher.

    Duplicates are averaged.

    Its traps: alpha is given on every row and is meaningful for mutual information only; a
    prediction loss over classes does nothing on a task of one output (STS-B), which is known before
    training.
    """
    if missing := [
        n for n in ("pipelines.csv", "dataset_features.csv") if not (folder / n).is_file()
    ]:
        raise SpecError(f"--table {folder}: {', '.join(missing)} missing.")
    table = pd.read_csv(folder / "pipelines.csv")
    table = table[(table.Model == STUDENT) & (table.Teacher == TEACHER)]
    keys = ["task", *PIPELINE, *AUGMENTATIONS]
    cells = table.groupby(keys).score.mean().reset_index()
    about = pd.read_csv(folder / "dataset_features.csv").set_index("task")
    is_mi = cells.intermediate_loss_type == "mi"
    made = pd.get_dummies(
        cells[["intermediate_loss_type", "intermediate_strategy", "kd_loss_type"]], dtype=float
    )
    made["alpha"] = cells.alpha.where(is_mi, 0.5)
    made["single sample"] = (is_mi & (cells.alpha == 0)).astype(float)
    made["mixup"] = cells.mixup.astype(float)
    for name in AUGMENTATIONS:
        made[name] = (cells[name] > 0).astype(float)
    made["operators"] = made[list(AUGMENTATIONS)].sum(axis=1)
    made["augmented"] = (made["operators"] > 0).astype(float)
    made["log rows"] = np.log10(cells.task.map(about["#example"]))
    made["labels"] = cells.task.map(about["#label"]).astype(float)
    pipelines = cells[keys[1:]].astype(str).agg(" ".join, axis=1).to_numpy(str)
    silent = ((made.labels == 1) & (cells.kd_loss_type == "ce")).to_numpy()
    return Evidence(
        made,
        cells.task.to_numpy(str),
        pipelines,
        cells.score.to_numpy(),
        ("log rows", "labels"),
        hopeless=silent,
    )


def read_own() -> Past:
    """The studies that ship."""
    return past_studies(Sources(own=False), Screen()).past


def recommend(
    known: Past | Evidence, seeds: int, workers: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Leave-one-dataset-out results, the model chosen without the dataset.

    Means over seeds, each model beside it, and random pipelines. For studies, unlike a table of
    scores, also results that need their runs: the first rung, predictions on single rows.
    """
    evidence, looks = (
        (known, None) if isinstance(known, Evidence) else (known.evidence, first_looks(known))
    )
    runs: list[Judged] = []
    for found in Parallel(n_jobs=workers, return_as="generator")(
        delayed(judge)(evidence, seed=s) for s in range(seeds)
    ):
        runs.append(found)
        m = mean_of(list(found.nested.values()))
        say(
            f"seed {len(runs) - 1:>2}  rec@1 {m.rec_at_1:.3f}  rec@5 {m.rec_at_5:.3f}  "
            f"spearman {m.spearman:.3f}"
        )
    nested = [mean_of(list(r.nested.values())) for r in runs]
    told = {n: float(np.mean([getattr(m, n) for m in nested])) for n in SHOWN}
    spread = {n: float(np.std([getattr(m, n) for m in nested])) for n in SHOWN}
    each = {
        name: _mean(r.each[name][t] for r in runs for t in evidence.names) for name in runs[0].each
    }
    return {
        "datasets": len(evidence.names),
        "pipelines": len(evidence),
        **told,
        "spread_over_seeds": spread,
        "chosen": dict(Counter(m for r in runs for m in r.chosen.values()).most_common()),
        "by_dataset": {t: _mean(r.nested[t] for r in runs) for t in evidence.names},
        "models": each,
        "random": _mean(at_random(evidence.only(t)) for t in evidence.names),
        "intervals_over_datasets": intervals([r.nested for r in runs], evidence),
        "coverage_of_80": float(np.mean([coverage(evidence, r) for r in runs])),
        "warm_start": warm_start(evidence, runs, looks),
        **({} if isinstance(known, Evidence) else {"on_other_half": without_luck(known, runs)}),
    }


def without_luck(past: Past, runs: Sequence[Judged]) -> dict[str, Any]:
    """Mean regrets on the other half of the rows, recommended and at random.

    With intervals over datasets, and their ratio; see `halves`.
    """
    found = fair_regrets(
        past, {t: [r.predictions[t].few for r in runs] for t in past.evidence.names}
    )
    again = np.random.default_rng(0).integers(0, len(found), (DRAWS, len(found)))
    told: dict[str, Any] = {}
    for name in Fair.__dataclass_fields__:
        mine, theirs = (
            np.array([getattr(pair[side], name) for pair in found.values()]) for side in (0, 1)
        )
        each = (("chosen", mine), ("random", theirs), ("difference", mine - theirs))
        told[name] = {k: _interval(v, again, 0.95) for k, v in each} | {
            "ratio": round(float(mine.mean() / theirs.mean()), 3)
        }
    return told


def intervals(
    nested: Sequence[Mapping[str, Marks]], evidence: Evidence, level: float = 0.95
) -> dict[str, dict[str, list[float]]]:
    """Mean and bootstrap interval over datasets of the chosen model and of its gain.

    The gain is over random pipelines.
    """
    draw, names = np.random.default_rng(0), evidence.names
    again = draw.integers(0, len(names), (DRAWS, len(names)))
    chance = [at_random(evidence.only(t)) for t in names]
    found = {}
    for name in ALL:
        mine = np.array([np.mean([getattr(r[t], name) for r in nested]) for t in names])
        theirs = np.array([getattr(c, name) for c in chance])
        found[name] = {
            k: _interval(v, again, level)
            for k, v in (("chosen", mine), ("random", theirs), ("difference", mine - theirs))
        }
    return found


def _interval(values: NDArray[np.float64], again: NDArray[np.int64], level: float) -> list[float]:
    ends = np.quantile(values[again].mean(1), [(1 - level) / 2, (1 + level) / 2])
    return [round(float(v), 4) for v in (values.mean(), *ends)]


def coverage(evidence: Evidence, judged: Judged, level: float = 0.8) -> float:
    """Coverage of the intervals: how often a normalised rank lies within its own.

    For the first few pipelines; intervals come from the other datasets.
    """
    inside = []
    for name, guessed in judged.predictions.items():
        here = evidence.only(name)
        low, high = np.quantile(judged.errors[name], [(1 - level) / 2, (1 + level) / 2])
        off = errors(here, guessed)
        inside.append(float(np.mean((off >= low) & (off <= high))))
    return float(np.mean(inside))


def _mean(marks: Any) -> dict[str, float]:
    found: Sequence[Marks] = list(marks)
    whole = mean_of(list(found))
    return {n: round(float(getattr(whole, n)), 4) for n in ALL}
