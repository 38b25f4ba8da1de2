"""Full trainings: which rows, how long, what is left alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from autodistill.deploy.folder import check_reload, write_folder
from autodistill.deploy.reload import predict_rows
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import full_epochs
from autodistill.training import full
from autodistill.training import trial_size as sizes
from autodistill.training.fit import fit
from autodistill.training.full import train_in_full
from autodistill.training.latency import student_cost
from autodistill.training.trial_data import TrialData
from autodistill.training.trial_size import (
    Aim,
    Pace,
    fewest_visits,
    measure_pace,
    trial_size,
)


def test_the_full_training_sees_every_labelled_row(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}
    real = fit

    def spy(network: Any, shard: Any, plan: Any, *rest: Any) -> Any:
        seen["rows"] = plan.rows
        return real(network, shard, plan, *rest)

    monkeypatch.setattr(full, "fit", spy)
    trained = train_in_full(data, pipeline, epochs=1, seed=0, tick=lambda *_: None)

    assert seen["rows"].tolist() == list(range(96))
    assert trained.network.config.num_hidden_layers == 1
    assert trained.vocabulary == "covering"


def test_the_last_weights_are_a_mean_over_the_second_half(
    data: TrialData, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    averaged = train_in_full(data, pipeline, epochs=4, seed=0, tick=lambda *_: None)
    monkeypatch.setattr(
        full, "fit", lambda network, shard, plan, *rest: _last_only(network, shard, plan, *rest)
    )
    last = train_in_full(data, pipeline, epochs=4, seed=0, tick=lambda *_: None)

    gap = (averaged.network.classifier.weight - last.network.classifier.weight).abs().max().item()
    assert 0 < gap < 0.1


def _last_only(network: Any, shard: Any, plan: Any, *rest: Any) -> Any:
    from dataclasses import replace

    from autodistill.training.fit import fit

    return fit(network, shard, replace(plan, average=0.0), *rest)


def test_a_trial_takes_different_rows_first_and_then_passes_over_the_same_rows() -> None:
    # 100 s * 1 worker / 36 trials - 0.5 s = 2.278 s; at 1 ms per row: 2,277 visits.
    # Twice the workers: 5,055 visits.
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)

    assert trial_size(pace, Aim(60_000, 500, workers=1), 100).rows == 2277
    few = trial_size(pace, Aim(3000, 500, workers=2), 100)

    assert (few.rows, few.epochs) == (2527, 2)
    assert few.seconds == pytest.approx(0.5 + 2 * 2527 * 1e-3)
    assert trial_size(pace, Aim(60, 500, workers=1), 1e6).epochs == full_epochs(60)


def test_no_run_has_fewer_steps_than_tell_recipes_apart_where_four_such_runs_fit() -> None:
    # four runs in 100 s on one worker: 25 s each, 24,500 visits at 1 ms; in 10 s: 2,000 visits
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(60_000, 500, workers=1, fewest_visits=4000)

    assert trial_size(pace, aim, 100).rows == 4000
    assert trial_size(pace, aim, 10).rows == 2000
    assert trial_size(pace, aim, 0.1).rows == 1000
    assert trial_size(pace, aim, 1000).rows == 27_277
    assert trial_size(pace, replace(aim, fewest_visits=20_000), None).rows == 20_000


def test_few_rows_are_seen_more_often_and_never_more_often_than_in_a_full_training() -> None:
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(500, 500, workers=1, fewest_visits=4000)

    few = trial_size(pace, aim, 100)

    assert (few.rows, few.epochs) == (500, 8)
    assert few.seconds == pytest.approx(4.5)
    assert trial_size(pace, aim, 1e6).epochs == 20


def test_the_first_runs_are_short_where_a_budget_has_room_for_longer_ones() -> None:
    # 24 runs four times as long in 1,000 s: 10.4 s each less 0.5 s; of 3,000 rows a full training
    # sees 30,000
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)
    aim = Aim(60_000, 500, workers=1, fewest_visits=4000, room=24)

    assert trial_size(pace, aim, 1000).rows == 9916
    assert trial_size(pace, aim, 400).rows == 10_611  # a 36th: 4,000 rows do not fit 96 times
    few = trial_size(pace, replace(aim, learnable_rows=3000), 1e6)
    assert few.rows * few.epochs == 7500


def test_unlabelled_rows_are_learned_from_as_well() -> None:
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3)

    few, many = (trial_size(pace, Aim(n, 500, 1, 4000), 100) for n in (500, 500 + 20_000))

    assert (few.rows, few.epochs) == (500, 8)
    assert (many.rows, many.epochs) == (4000, 1)


def test_many_classes_and_random_weights_need_more_steps() -> None:
    optimizer = Part("adamw", {"lr": 1e-3, "batch": 16})
    cut, residual = (
        Pipeline(Part(name), (Term(Part("ce"), 1.0),), optimizer) for name in ("cut", "residual")
    )

    assert fewest_visits(cut, 2) == 16 * sizes.FEWEST_STEPS
    assert fewest_visits(residual, 2) == 2 * 16 * sizes.FEWEST_STEPS
    assert fewest_visits(cut, 77) > 1.5 * fewest_visits(cut, 2)


def test_judging_is_part_of_a_trials_seconds() -> None:
    # 500 + 500 rows at the early rungs, all 2,000 at the last: 3,000 looks of 0.1 ms;
    # with 300 selection rows 900 looks.
    pace = Pace(fixed_seconds=0.5, row_seconds=1e-3, judged_seconds=1e-4)

    assert pace.seconds(1000, 2000) == pytest.approx(0.5 + 1.0 + 0.3)
    assert pace.seconds(1000, 300) == pytest.approx(0.5 + 1.0 + 0.09)


def test_the_pace_is_measured_on_one_thread_and_puts_the_threads_back(
    data: TrialData, pipeline: Pipeline
) -> None:
    threads = torch.get_num_threads()

    pace = measure_pace(data, [pipeline])

    assert pace.fixed_seconds >= 0
    assert 0 < pace.row_seconds < 1
    assert 0 < pace.judged_seconds < 1
    assert torch.get_num_threads() == threads


def test_a_student_has_a_cost_before_it_is_trained(data: TrialData, pipeline: Pipeline) -> None:
    threads = torch.get_num_threads()

    shape, cost = student_cost(data, pipeline.student, {})

    assert cost["latency_ms"] > 0
    assert cost["size_bytes"] >= 2 * cost["params"] > 0
    twin = replace(pipeline.student, knobs={**pipeline.student.knobs, "embeddings": "trained"})
    known = {shape: {"latency_ms": 1234.5}}
    assert student_cost(data, twin, known) == (shape, {**cost, "latency_ms": 1234.5})
    assert torch.get_num_threads() == threads


FEATURES = [
    "mi_alpha",
    "mi_alpha_tokens",
    "tuba",
    "vid",
    "nd",
    "crd",
    "exits",
    "message",
    "token_masks",
    "token_relations",
]
LEARNING = [*FEATURES, "log_cosh", "lelp"]


@pytest.mark.parametrize("loss", LEARNING)
def test_a_trained_student_holds_nothing_of_what_a_loss_learned(
    data: TrialData, pipeline: Pipeline, loss: str
) -> None:
    feature = families.card("losses", loss).traits["kind"] == "feature"
    terms = (Term(Part("ce"), 0.5), Term(Part(loss), 0.5, Part("emd") if feature else None))
    plain, trained = (
        train_in_full(
            data, replace(pipeline, terms=made), epochs=1, seed=0, tick=lambda *_: None
        ).network
        for made in (terms[:1], terms)
    )

    assert trained.state_dict().keys() == plain.state_dict().keys()
    assert sum(p.numel() for p in trained.parameters()) == sum(
        p.numel() for p in plain.parameters()
    )


@pytest.mark.parametrize("connector", ["mlp", "norm_linear", "cross_attention"])
def test_a_trained_student_holds_no_connector(
    data: TrialData, pipeline: Pipeline, connector: str
) -> None:
    terms = (
        Term(Part("ce"), 0.5),
        Term(Part("mse", {"on": "tokens"}), 0.5, Part("skip"), Part(connector)),
    )
    plain, trained = (
        train_in_full(
            data, replace(pipeline, terms=made), epochs=1, seed=0, tick=lambda *_: None
        ).network
        for made in (terms[:1], terms)
    )

    assert trained.state_dict().keys() == plain.state_dict().keys()


@pytest.mark.slow
def test_a_written_student_predicts_what_it_did_beside_critic_connector_exit_and_peers(
    data: TrialData, pipeline: Pipeline, tmp_path: Path
) -> None:
    learned: list[tuple[Term, dict[str, Any]]] = [
        (Term(Part("mi_alpha_tokens"), 0.5, Part("skip")), {}),
        (Term(Part("exits"), 0.5, Part("skip")), {}),
        (
            Term(Part("mse", {"on": "tokens"}), 0.5, Part("skip"), Part("mlp")),
            {"companion": Part("peers")},
        ),
    ]
    for place, (term, beside) in enumerate(learned):
        made = replace(pipeline, terms=(Term(Part("ce"), 0.5), term)).with_stages(**beside)
        trained = train_in_full(data, made, epochs=1, seed=0, tick=lambda *_: None)
        shard = data.shards[trained.vocabulary]
        before = predict_rows(
            trained.network, shard.tokens, 16
        )  # the network that stood in the module

        (tmp_path / str(place)).mkdir()
        write_folder(tmp_path / str(place), trained.network, trained.words.folder, 64)

        assert check_reload(tmp_path / str(place), shard.tokens, before) == 0.0
