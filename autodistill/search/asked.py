"""A run that was asked for, and what Optuna keeps of one that was given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial


@dataclass(frozen=True)
class Asked:
    """One run to make."""

    number: int
    pipeline: Pipeline
    repeat: int
    """0 for the first run of a pipeline; n for its n-th repeat with a fresh seed."""
    baseline: str = ""


def is_given(attrs: Mapping[str, Any]) -> bool:
    """The pipeline came with the question; nothing is sampled."""
    return "control" in attrs or "listed" in attrs


def given_pipeline(attrs: Mapping[str, Any]) -> Pipeline:
    """The pipeline that came with the question."""
    return Pipeline.from_dict(json.loads(attrs["pipeline"]))


def arm_of(outcome: Trial) -> tuple[str, str]:
    """The pipeline and the condition of a run: runs that are equal in both differ by their seed."""
    return outcome.pipeline.key, outcome.baseline
