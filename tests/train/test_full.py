"""Full trainings: which rows, how long, what is left alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.pipeline import Pipeline
from autodistill.students import load_classifier
from autodistill.train import full
from autodistill.train.full import train_in_full, tune, tuning
from autodistill.train.latency import student_cost
from autodistill.train.size import Pace, measure_pace, trial_size
from autodistill.train.trial import TrialData


def test_a_large_set_is_tuned_on_once_a_small_one_four_times() -> None:
    # 65,349 rows: 2,042 steps, 1e-4 * sqrt(400 / 2042) = 4.43e-5. 1,000 rows: 125 steps, the ceiling of 1.5e-4.
    assert tuning(65_349).epochs == 1
    assert tuning(65_349).optimizer.knobs["lr"] == pytest.approx(4.426e-5, rel=1e-3)
    assert tuning(1_000).epochs == 4
    assert tuning(1_000).optimizer.knobs["lr"] == 1.5e-4


def test_tuning_leaves_the_embeddings_of_unused_words_alone(data: TrialData, tmp_path: Path) -> None:
    words, source = data.vocabularies["trimmed"], data.backbone.folder
    before = load_classifier(source, 2).get_input_embeddings().weight.detach().numpy()

    tune(source, ("neg", "pos"), words, data.shards["trimmed"], tmp_path, seed=0, bfloat16=False, tick=lambda *_: None)

    after = load_classifier(tmp_path, 2)
    moved = np.flatnonzero(np.abs(after.get_input_embeddings().weight.detach().numpy() - before).max(1) > 0)
    assert words.keep is not None
    kept = set(np.load(words.keep).tolist())
    assert len(moved)
    assert set(moved.tolist()) <= kept
    assert len(kept) < len(before)
    assert after.config.vocab_size == len(before)


def test_the_full_training_sees_every_labelled_row(data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    real = full.fit

    def spy(network: Any, shard: Any, plan: Any, *rest: Any) -> Any:
        seen["rows"] = plan.rows
        return real(network, shard, plan, *rest)

    monkeypatch.setattr(full, "fit", spy)
    trained = train_in_full(data, pipeline, epochs=1, seed=0, tick=lambda *_: None)

    assert seen["rows"].tolist() == list(range(96))
    assert trained.network.config.num_hidden_layers == 1
    assert trained.vocabulary == "trimmed"


def test_the_last_weights_are_a_mean_over_the_second_half(data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    averaged = train_in_full(data, pipeline, epochs=4, seed=0, tick=lambda *_: None)
    monkeypatch.setattr(full, "fit", lambda network, shard, plan, *rest: _last_only(network, shard, plan, *rest))
    last = train_in_full(data, pipeline, epochs=4, seed=0, tick=lambda *_: None)

    gap = (averaged.network.classifier.weight - last.network.classifier.weight).abs().max().item()
    assert 0 < gap < 0.1


def _last_only(network: Any, shard: Any, plan: Any, *rest: Any) -> Any:
    from dataclasses import replace

    from autodistill.train.fit import fit

    return fit(network, shard, replace(plan, average=0.0), *rest)


def test_a_trial_takes_different_rows_first_and_then_passes_over_the_same_rows() -> None:
    # 100 s * 1 worker / 24 trials - 0.5 s = 3.667 s; at 1 ms per row: 3,666 visits. Twice the workers: 7,833 visits.
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)

    assert trial_size(pace, 60_000, seconds=100, workers=1).rows == 3666
    few = trial_size(pace, 3000, seconds=100, workers=2)

    assert (few.rows, few.epochs) == (2611, 3)
    assert few.seconds == pytest.approx(0.5 + 3 * 2611 * 1e-3)
    assert trial_size(pace, 60, seconds=1e6, workers=1).epochs == 6


def test_the_pace_is_measured_on_one_thread_and_puts_the_threads_back(data: TrialData, pipeline: Pipeline) -> None:
    threads = torch.get_num_threads()

    pace = measure_pace(data, pipeline)

    assert pace.fixed_seconds >= 0
    assert 0 < pace.row_seconds < 1
    assert torch.get_num_threads() == threads


def test_a_student_has_a_cost_before_it_is_trained(data: TrialData, pipeline: Pipeline) -> None:
    threads = torch.get_num_threads()

    cost = student_cost(data, pipeline.student, tokens=12)

    assert cost["latency_ms"] > 0
    assert cost["size_bytes"] >= 2 * cost["params"] > 0
    assert torch.get_num_threads() == threads
