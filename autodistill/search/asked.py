"""A run that was asked for, and what Optuna keeps of one that was given."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import level_of
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
    level: int = 0
    """How long it is; see study.lengths."""


def is_given(attrs: Mapping[str, Any]) -> bool:
    """The pipeline came with the question; nothing is sampled."""
    return "control" in attrs or "listed" in attrs


def given_pipeline(attrs: Mapping[str, Any]) -> Pipeline:
    """The pipeline that came with the question."""
    return Pipeline.from_dict(json.loads(attrs["pipeline"]))


def unlisted(
    before: Iterable[Mapping[str, Any]], pipelines: Iterable[Pipeline]
) -> Iterator[Pipeline]:
    """Pipelines that were not listed before, by what Optuna keeps; each as often as it is here."""
    asked = Counter(given_pipeline(attrs).key for attrs in before if "retry_of" not in attrs)
    for pipeline in pipelines:
        if asked[pipeline.key] > 0:
            asked[pipeline.key] -= 1
        else:
            yield pipeline


def given(pipeline: Pipeline, **attrs: Any) -> dict[str, Any]:
    """The attributes in Optuna of a run whose pipeline comes with the question."""
    return {**attrs, "pipeline": json.dumps(pipeline.to_dict())}


def arm_of(outcome: Trial, facts: StudyFacts) -> tuple[str, str, int]:
    """The pipeline, the condition and the length of a run.

    Runs that are equal in these differ by their seed.
    """
    return outcome.pipeline.key, outcome.baseline, level_of(outcome, facts)
