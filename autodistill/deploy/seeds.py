"""Several students of one recipe that differ in their seed, and the one in the middle."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autodistill.runtime import files
from autodistill.runtime.checksums import FILE as CHECKSUMS

TEST_LOGITS = "test_logits.npy"
NUMBERS = "numbers.json"
"""The file of a student's measurements while it waits in the cache for the other seeds."""


def median_place(scores: Sequence[float]) -> int:
    """The place of the median; of an even number the lower one, of equal ones the first."""
    return sorted(range(len(scores)), key=lambda i: (scores[i], i))[(len(scores) - 1) // 2]


def write_numbers(folder: Path, numbers: Mapping[str, Any]) -> None:
    """Keep what was measured beside a student."""
    files.write_text(folder / NUMBERS, json.dumps(dict(numbers)))


def read_numbers(folder: Path) -> dict[str, Any]:
    """The measurements of a student in the cache."""
    found: dict[str, Any] = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    return found


def take(folder: Path, draft: Path) -> None:
    """Copy a student out of the cache."""
    for file in folder.iterdir():
        if file.name not in (NUMBERS, CHECKSUMS):
            files.copy(file, draft / file.name)
