"""The finding of a replay: as a value, as lines for people, as JSON for programs."""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from autodistill.deploy.promise import Promise
from autodistill.report.sentences import metric_name
from autodistill.runtime import files
from autodistill.runtime.cache import refusals

HEADS = {"inside": "Inside", "above": "Above", "below": "Below"}


@dataclass(frozen=True)
class Replay:
    """Scores of new trainings on the validation rows beside what was promised for them."""

    promise: Promise
    seeds: tuple[int, ...]
    scores: tuple[float, ...]
    rows_seen: int
    """Rows of one epoch, unlabelled ones included."""
    epochs: int
    changes: tuple[str, ...]
    """Differences in data, teacher or versions from those of the recipe."""

    @property
    def score(self) -> float:
        """The mean of the new scores."""
        return fmean(self.scores)

    @property
    def interval(self) -> tuple[float, float]:
        """The ends between which this mean was to land."""
        return self.promise.interval(len(self.scores))

    @property
    def finding(self) -> str:
        """inside | above | below."""
        low, high = self.interval
        return "below" if self.score < low else "above" if self.score > high else "inside"

    @property
    def is_longer(self) -> bool:
        """Whether the new trainings saw more rows than the runs of the search."""
        before = self.promise.rows_seen * self.promise.epochs
        is_more = self.rows_seen * self.epochs > before
        return is_more and not self.promise.is_same_training

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept: of a longer training the interval is the least."""
        return self.finding == "inside" or (self.finding == "above" and self.is_longer)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        promise = self.promise
        return {
            "finding": self.finding,
            "is_kept": self.is_kept,
            "metric": promise.metric,
            "validation_rows": promise.rows,
            "score": self.score,
            "interval": list(self.interval),
            "scores": list(self.scores),
            "seeds": list(self.seeds),
            "rows_seen": self.rows_seen,
            "epochs": self.epochs,
            "promised": {
                "score": promise.score,
                "runs": promise.runs,
                "seed_deviation": promise.spread.deviation,
                "seed_freedom": promise.spread.freedom,
                "rows_seen": promise.rows_seen,
                "epochs": promise.epochs,
                "is_same_training": promise.is_same_training,
            },
            "changes": list(self.changes),
        }


def replay_lines(found: Replay) -> list[str]:
    """The two scores in one sentence, then what they are and what follows."""
    promise, (low, high) = found.promise, found.interval
    new = len(found.scores)
    seeds = ", ".join(map(str, found.seeds))
    lines = [
        f"{HEADS[found.finding]}: validation {metric_name(promise.metric)} {found.score:.4f} now, "
        f"{promise.score:.4f} promised; 95 of 100 {'' if new == 1 else f'means of {new} '}"
        f"trainings like those promised land in {low:.4f} to {high:.4f}.",
        f"Now: {_runs(new)} ({'seed' if new == 1 else 'seeds'} {seeds}), "
        f"{_length(found.epochs, found.rows_seen)}. Promised: {_runs(promise.runs)}, "
        f"{_length(promise.epochs, promise.rows_seen)}. Both on the same {promise.rows:,} "
        "validation rows, so the interval is that of other seeds; the held-out test was not read.",
    ]
    if found.finding == "above" and found.is_longer:
        lines.append("The new training was longer than those of the search: the promise is kept.")
    if found.finding == "below" and promise.runs == 1 and not promise.is_same_training:
        lines.append(
            "The promised score is that of one run, which was chosen for it, so it flatters the "
            "recipe: a search with a larger budget repeats its best recipes."
        )
    if found.changes and not found.is_kept:
        lines.append(f"What is different here: {'; '.join(x.rstrip('.') for x in found.changes)}.")
    return lines


def _runs(count: int) -> str:
    return "one training" if count == 1 else f"the mean of {count} trainings"


def _length(epochs: int, rows: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'} on {rows:,} rows"


def write_replay(found: Replay, file: Path) -> None:
    """Write everything as JSON; raises StorageError."""
    with refusals(file):
        files.write_text(file, json.dumps(found.to_dict(), indent=1) + "\n")
