"""Trials and whole trainings under mixup."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.full import train_in_full
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.training.mixes import (
    pipeline_of,
)


def test_a_head_of_more_outputs_than_classes_takes_mixed_labels(
    data: TrialData, pipeline: Pipeline
) -> None:
    terms = (Term(Part("ce"), 0.5), Term(Part("lelp", {"parts": 4}), 0.5))

    found = run_trial(
        data,
        TrialSpec(0, replace(pipeline, terms=terms).with_stages(mixup=Part("embedding")), 0, 64, 3),
        never,
    )

    assert found.status == "complete"


@pytest.mark.parametrize("name", ["embedding", "hidden"])
@pytest.mark.parametrize("kind", ["interpolate", "silent"])
def test_a_trial_trains_under_every_mixup(
    data: TrialData, pipeline: Pipeline, name: str, kind: str
) -> None:
    mixup = Part(name, {"ratio": 0.3, "teacher": kind, "per": "batch"})

    found = run_trial(data, TrialSpec(0, pipeline.with_stages(mixup=mixup), 0, 64, 3), never)

    assert found.status == "complete"
    assert found.score > 0.7


@pytest.mark.parametrize("kind", ["interpolate", "consistent"])
@pytest.mark.parametrize("vocabulary", ["trimmed", "full"])
def test_a_trial_with_mixup_learns_and_repeats_itself_to_the_last_bit(
    data: TrialData, kind: str, vocabulary: str
) -> None:
    made = replace(pipeline_of(kind), student=Part("cut", {"keep": 0.5, "vocabulary": vocabulary}))

    one, same = (run_trial(data, TrialSpec(0, made, 3, 64, 4), never) for _ in range(2))
    plain = run_trial(data, TrialSpec(0, made.with_stages(mixup=Part("none")), 3, 64, 4), never)

    assert one.status == "complete"
    assert one.metrics["cross_entropy"] < np.log(2)
    assert one.metrics == same.metrics
    assert one.metrics != plain.metrics


def test_recorded_answers_have_no_part_in_a_trial_with_a_consistent_teacher(
    data: TrialData,
) -> None:
    consistent, consistent_misled, interpolated, interpolated_misled = (
        run_trial(data, TrialSpec(0, pipeline_of(kind), 0, 64, 1, baseline), never).metrics[
            "cross_entropy"
        ]
        for kind in ("consistent", "interpolate")
        for baseline in ("", "random")
    )

    assert consistent == consistent_misled
    assert interpolated != interpolated_misled


@pytest.mark.parametrize("kind", ["interpolate", "consistent"])
def test_a_full_training_mixes_too(data: TrialData, kind: str) -> None:
    made = pipeline_of(kind)

    mixed, plain = (
        train_in_full(data, p, epochs=2, seed=0, tick=lambda *_: None)
        for p in (made, made.with_stages(mixup=Part("none")))
    )

    assert not torch.equal(mixed.network.classifier.weight, plain.network.classifier.weight)
    assert mixed.size == plain.size
