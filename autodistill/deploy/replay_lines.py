"""A replay as lines for people, and as JSON for programs."""

import json
from pathlib import Path

from autodistill.deploy.replay import Replay
from autodistill.report.sentences import metric_name
from autodistill.runtime import files
from autodistill.runtime.cache import refusals

HEADS = {"inside": "Inside", "above": "Above", "below": "Below"}


def replay_lines(found: Replay) -> list[str]:
    """The two scores in one sentence, then what they are and what follows."""
    promise, (low, high) = found.promise, found.interval
    new = len(found.scores)
    seeds = ", ".join(map(str, found.seeds))
    lines = [
        f"{HEADS[found.finding]}: validation {metric_name(promise.metric)} {found.score:.4f} now, "
        f"{promise.score:.4f} promised, and 95 of 100 "
        f"{'new trainings land' if new == 1 else f'means of {new} new trainings land'} in "
        f"{low:.4f} to {high:.4f}.",
        f"Now: {_runs(new)} ({'seed' if new == 1 else 'seeds'} {seeds}), "
        f"{_length(found.epochs, found.trained_on_rows)}. Promised: {_runs(promise.runs)}, "
        f"{_length(promise.epochs, promise.trained_on_rows)}. Both on the same {promise.rows:,} "
        "validation rows, so the interval is that of other seeds; the held-out test was not read.",
    ]
    if found.finding == "above" and found.is_longer:
        lines.append("The new training was longer than those of the search: the promise is kept.")
    if found.changes and not found.is_kept:
        lines.append(f"What is different here: {'; '.join(x.rstrip('.') for x in found.changes)}.")
    return lines


def _runs(count: int) -> str:
    return "one training" if count == 1 else f"the mean of {count} trainings"


def _length(epochs: int, rows: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'} on {rows:,} training rows"


def write_replay(found: Replay, file: Path) -> None:
    """Write everything as JSON; raises StorageError."""
    with refusals(file):
        files.write_text(file, json.dumps(found.to_dict(), indent=1) + "\n")
