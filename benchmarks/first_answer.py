"""From `autodistill search --dataset reviews.csv` with an empty cache to a printed answer."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.datasets import load

BEGINNINGS = {
    "plan": "timing a few steps",
    "teacher": "fine-tuning the teacher",
    "signals": "asking the teacher",
    "words": "reading the vocabulary",
    "search": "study     ",
}
"""How the first event of a phase begins; what comes before is the phase `start`."""


def first_answer(
    dataset: str, rows: int, budget: str, data_root: Path | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Seconds to the answer, and by phase; rows are drawn once from the training rows."""
    with tempfile.TemporaryDirectory(prefix="autodistill-benchmark-") as name:
        folder = Path(name)
        count = write_rows(folder / "reviews.csv", dataset, rows, data_root)
        command = [sys.executable, "-m", "autodistill", "search", "--dataset", "reviews.csv"]
        begin = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--budget", budget, "--json"],
            cwd=folder,
            env={**os.environ, "AUTODISTILL_HOME": str(folder / "home")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        found = seconds_by_phase(timed_events(process.stdout, begin, say))
        if process.wait():
            raise RuntimeError(f"the search ended with code {process.returncode}")
    return {"rows": count, "budget": budget, "seconds": sum(found.values()), "phases": found}


def timed_events(
    lines: Iterable[str], begin: float, say: Callable[[str], None]
) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each event and the seconds since `begin`."""
    for line in lines:
        event, seconds = json.loads(line), time.perf_counter() - begin
        say(f"{seconds:7.1f} s  {line.strip()[:100]}")
        yield seconds, event


def seconds_by_phase(events: Iterable[tuple[float, dict[str, Any]]]) -> dict[str, float]:
    """Seconds of the phases up to the answer, in their order."""
    phase, since, found = "start", 0.0, dict[str, float]()
    for seconds, event in events:
        text = str(event.get("text") or event.get("title") or "")
        now = next((k for k, words in BEGINNINGS.items() if text.startswith(words)), phase)
        if event["event"] == "answer" or (now != phase and now not in found):
            found[phase] = round(seconds - since, 1)
            phase, since = now, seconds
        if event["event"] == "answer":
            break
    return found


def write_rows(place: Path, dataset: str, rows: int, data_root: Path | None) -> int:
    """Write at most so many training rows as a CSV of texts and labels; how many they are."""
    task = load(dataset, data_root=data_root)
    chosen = np.random.default_rng(0).permutation(len(task.train))[:rows]
    with place.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["text", "label"])
        table.writerows(
            (task.train.first[i], task.label_names[task.train.labels[i]]) for i in chosen
        )
    return len(chosen)
