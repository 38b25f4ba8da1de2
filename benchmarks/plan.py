"""Accuracy of `autodistill plan`: estimated and measured seconds of studies."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

STUDIES: dict[str, tuple[str, ...]] = {
    "tune, ask and search by runs": ("--max-length", "64", "--trials", "16"),
    "another space, one worker": (
        "--max-length",
        "64",
        "--space",
        "text",
        "--trials",
        "12",
        "--workers",
        "1",
    ),
    "by the clock": ("--max-length", "64", "--seed", "1", "--rows", "1000", "--budget", "90s"),
}
"""Options of the studies, all on one dataset.

The second study finds the first one's teacher and signals on disk, the third tunes another
teacher.
"""

PARTS = (
    *("start_seconds", "tuning_seconds", "recording_seconds", "words_seconds"),
    *("search_seconds", "trial_seconds"),
)


def plan(
    dataset: Sequence[str],
    folder: Path,
    say: Callable[[str], None],
    studies: Mapping[str, Sequence[str]] = STUDIES,
) -> dict[str, Any]:
    """Plan and search each study as commands; their cache folder starts empty."""
    found = []
    for name, options in studies.items():
        foreseen = json.loads(_run(folder, "plan", *dataset, *options, "--json").stdout)
        begin = time.perf_counter()
        _run(folder, "search", *dataset, *options)
        seconds = time.perf_counter() - begin
        ratio = foreseen["seconds"] / seconds
        say(
            f"{name}: {foreseen['seconds']:.0f} s estimated, {seconds:.0f} s measured, "
            f"ratio {ratio:.2f}"
        )
        parts = {k: round(foreseen[k], 1) for k in PARTS}
        found.append(
            {
                "study": name,
                "estimated": round(foreseen["seconds"], 1),
                "measured": round(seconds, 1),
                "ratio": ratio,
                **parts,
            }
        )
    return {"studies": found, "worst_error": max(abs(f["ratio"] - 1) for f in found)}


def _run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {
        **os.environ,
        "AUTODISTILL_HOME": str(folder / "home"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "autodistill", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
        )
    return done
