"""The table of members: what is tried, and how it is judged."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autodistill.registry import families
from autodistill.study import spaces
from autodistill.study.results import Selection, as_bytes
from autodistill.study.rules import Conditions
from benchmarks.members import cases, table

SPACE = spaces.space("everything").fit(Conditions(2, layers=6))
LABELS = np.arange(400) % 2
PREPARED: Any = SimpleNamespace(
    space=SPACE,
    untuned=Path(),
    data=SimpleNamespace(metric="accuracy"),
    selection=Selection(as_bytes(LABELS), as_bytes(LABELS)),
)


def runs(wrong: int, seconds: float = 2.0) -> list[dict[str, Any]]:
    """Three runs that get about so many rows wrong."""
    found = []
    for seed in range(3):
        predictions = LABELS.copy()
        predictions[np.random.default_rng(seed).permutation(400)[: wrong + seed]] ^= 1
        cost = {"train_seconds": seconds}
        found.append(
            {
                "score": float((predictions == LABELS).mean()),
                "predictions": as_bytes(predictions),
                "cost": cost,
                "memory_mb": 300.0 + seconds,
            }
        )
    return found


def test_every_member_that_two_classes_allow_is_tried_once_after_the_control() -> None:
    found = list(cases(PREPARED))

    assert (found[0].stage, found[0].member) == ("control", "ce")
    tried = {(c.stage, c.member) for c in found}
    assert len(tried) == len(found)
    for stage in ("logit", "feature", "mapping", "connector", "companion", "post"):
        assert {n for n in SPACE.slots[stage] if n != "none"} <= {m for s, m in tried if s == stage}
    assert {m for s, m in tried if s == "tutor"} == set(families.names("tutors"))
    assert all(c.pipeline.student == found[0].pipeline.student for c in found)


def test_members_are_called_better_or_worse_only_beyond_noise() -> None:
    wanted = list(cases(PREPARED))[:4]

    found = table(PREPARED, wanted, [runs(80), runs(10, 4.0), runs(80), runs(160)])

    assert list(found["finding"]) == ["control", "better", "not told apart", "worse"]
    assert found["times_seconds"].tolist() == [1.0, 2.0, 1.0, 1.0]
    assert found["extra_mb"].tolist() == [0, 2, 0, 0]
    assert found["gain"][1] == pytest.approx(found["score"][1] - found["score"][0], abs=2e-4)


def test_a_failure_is_a_row_with_its_error() -> None:
    wanted = list(cases(PREPARED))[:2]

    found = table(PREPARED, wanted, [runs(80), [{"error": "ValueError('no')"}]])

    assert found["finding"][1] == "failed: ValueError('no')"
