"""One fit: it learns, reports, stops, and scores what the network predicts."""

import signal
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import softmax

from autodistill.registry import families
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part, Term
from autodistill.training.feature_terms import Shapes
from autodistill.training.fit import FitResult, fit
from autodistill.training.fit_plan import FitPlan
from autodistill.training.predictions import diagnose, predict
from autodistill.training.rungs import never
from autodistill.training.shapes import count, shapes_of
from autodistill.training.signals import OpenShard
from autodistill.training.trial_data import TrialData

SELECTION = np.arange(64, 96)
NO_ROWS = np.zeros(0, dtype=np.int64)


@pytest.fixture
def shard(data: TrialData) -> OpenShard:
    """All rows in the trimmed vocabulary."""
    return data.shards["trimmed"].open()


@pytest.fixture
def network(data: TrialData) -> Any:
    """A fresh student from scratch."""
    torch.manual_seed(0)
    return families.build("students", "scratch", {"layers": 1, "width": 64}).build(
        data.backbone, data.vocabularies["trimmed"]
    )


def plan(network: Any, shard: OpenShard, **changes: Any) -> FitPlan:
    """Cross-entropy, three epochs over 64 rows."""
    terms = (Term(Part("ce"), 1.0),)
    optimizer, rows = Part("adamw", {"lr": 3e-3, "batch": 16}), np.arange(64)
    base = FitPlan(
        terms,
        optimizer,
        shapes_of(network, shard),
        rows,
        SELECTION,
        epochs=3,
        seed=0,
        metric="accuracy",
        device=CPU,
    )
    return replace(base, **changes)


def test_a_fit_learns_and_reports_at_every_rung(network: Any, shard: OpenShard) -> None:
    seen: list[tuple[int, float]] = []

    def report(rung: int, score: float) -> bool:
        seen.append((rung, score))
        return False

    before = diagnose(predict(network, shard, SELECTION), shard, SELECTION, "accuracy")[
        "cross_entropy"
    ]
    result = fit(network, shard, plan(network, shard, epochs=6), report)

    assert [rung for rung, _ in seen] == [1, 2, 4]
    assert result.curve == tuple(seen)
    assert not result.stopped
    assert diagnose(result.logits, shard, SELECTION, "accuracy")["cross_entropy"] < before - 0.05
    assert 0 < result.evaluation_seconds < result.train_seconds


def test_the_logits_are_those_of_the_trained_network_and_the_score_is_theirs(
    network: Any, shard: OpenShard
) -> None:
    result = fit(network, shard, plan(network, shard), never)

    np.testing.assert_array_equal(result.logits, predict(network, shard, SELECTION))
    assert result.curve[-1][1] == np.mean(result.logits.argmax(1) == shard.labels[SELECTION])


def test_a_report_that_says_stop_ends_the_fit(network: Any, shard: OpenShard) -> None:
    result = fit(network, shard, plan(network, shard), lambda rung, _: rung == 2)

    assert result.stopped
    assert [rung for rung, _ in result.curve] == [1, 2]


def test_stop_after_the_last_rung_is_no_stop(network: Any, shard: OpenShard) -> None:
    assert not fit(network, shard, plan(network, shard), lambda rung, _: rung == 4).stopped


def test_ticks_count_steps_up_to_all_of_them(network: Any, shard: OpenShard) -> None:
    seen: list[tuple[int, int]] = []

    fit(network, shard, plan(network, shard), never, lambda done, total: seen.append((done, total)))

    # 64 rows in batches of 16, three epochs
    assert seen == [(step, 12) for step in range(1, 13)]


def test_without_selection_rows_nothing_is_scored(network: Any, shard: OpenShard) -> None:
    result = fit(network, shard, plan(network, shard, selection=NO_ROWS, epochs=1), never)

    assert result.curve == ()
    assert result.evaluation_seconds == 0


def test_averaging_ends_with_the_mean_over_the_second_half(network: Any, shard: OpenShard) -> None:
    seen: list[torch.Tensor] = []

    def remember(*_: int) -> None:
        seen.append(network.classifier.weight.detach().clone())

    fit(
        network,
        shard,
        plan(network, shard, epochs=10, average=0.5, selection=NO_ROWS),
        never,
        remember,
    )

    # 40 steps, counted from 0: every tenth from 20 on, and the last
    assert len(seen) == 40
    torch.testing.assert_close(
        network.classifier.weight.detach(), (seen[20] + seen[30] + seen[39]) / 3
    )


def test_padding_does_not_change_predictions(network: Any, shard: OpenShard) -> None:
    together = predict(network, shard, SELECTION)

    alone = np.concatenate(
        [predict(network, shard, SELECTION[i : i + 1]) for i in range(len(SELECTION))]
    )

    assert len(set(shard.table.lengths[SELECTION])) > 3
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_predictions_come_in_the_order_asked_and_leave_the_mode_alone(
    network: Any, shard: OpenShard
) -> None:
    network.train()

    straight, turned = predict(network, shard, SELECTION), predict(network, shard, SELECTION[::-1])

    np.testing.assert_allclose(turned, straight[::-1], atol=1e-6)
    assert network.training


def test_a_diagnosis_by_hand(shard: OpenShard) -> None:
    rows = np.arange(4)
    logits = np.where(np.eye(2, dtype=bool)[shard.labels[rows]], 1.0, 0.0).astype(np.float32)
    logits[0] = logits[0, ::-1]

    found = diagnose(logits, shard, rows, "accuracy")

    # three rows right with probability 1 / (1 + e^-1), one wrong;
    # accuracy .75, standard error near sqrt(.75 * .25 / 4) = .217
    right = softmax([1.0, 0.0])[0]
    assert found["cross_entropy"] == pytest.approx(
        -(3 * np.log(right) + np.log(1 - right)) / 4, rel=1e-6
    )
    assert found["row_error"] == pytest.approx(0.217, abs=0.04)
    assert shard.signals is not None
    assert found["agreement"] == np.mean(logits.argmax(1) == shard.signals.logits[rows].argmax(1))


def test_a_perfect_score_is_not_known_better_than_to_one_row(shard: OpenShard) -> None:
    logits = np.eye(2, dtype=np.float32)[shard.labels[SELECTION]]

    assert diagnose(logits, shard, SELECTION, "accuracy")["row_error"] == 1 / 32


def test_shapes_are_read_off_both_networks(network: Any, shard: OpenShard) -> None:
    assert shapes_of(network, shard) == Shapes(1, 64, 2, 32, student_heads=4)
    assert shapes_of(network, replace(shard, signals=None)) == Shapes(1, 64, 0, 0, student_heads=4)


def test_parameters_are_counted_and_weigh_four_bytes() -> None:
    # 3 * 2 weights and 2 biases
    assert count(torch.nn.Linear(3, 2)) == {"params": 8.0, "size_bytes": 32.0}


def test_never_never_stops() -> None:
    assert never(1, 0.0) is False
    assert FitResult((), False, 0.0, 0.0, np.zeros((0, 0), dtype=np.float32)).curve == ()


def test_ctrl_c_in_a_program_of_ones_own_is_keyboard_interrupt(
    network: Any, shard: OpenShard
) -> None:
    before = signal.getsignal(signal.SIGINT)

    def press(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(network, shard, plan(network, shard), never, press)

    assert signal.getsignal(signal.SIGINT) is before


def test_sigterm_in_a_program_of_ones_own_reaches_its_handler(
    network: Any, shard: OpenShard
) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))

    def stop(done: int, total: int) -> None:
        if not heard:
            signal.raise_signal(signal.SIGTERM)

    try:
        with pytest.raises(SystemExit):
            fit(network, shard, plan(network, shard), never, stop)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert set(heard) == {signal.SIGTERM}
