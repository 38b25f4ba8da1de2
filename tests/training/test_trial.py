"""One trial as a worker runs it."""

import pickle
from dataclasses import replace

import pytest

from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import TrialResult, as_classes
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

TIMES = ("train_seconds", "evaluation_seconds")


def untimed(found: TrialResult) -> TrialResult:
    """The result without what depends on the clock."""
    return replace(found, cost={k: v for k, v in found.cost.items() if k not in TIMES})


def test_a_trial_tells_all_that_happened_as_plain_data(data: TrialData, pipeline: Pipeline) -> None:
    found = run_trial(data, TrialSpec(0, pipeline, 0, 48, 2), never)

    assert found.status == "complete"
    assert [rung for rung, _ in found.curve] == [1, 2, 4]
    assert found.score == found.curve[-1][1]
    assert found.fidelity == {"rows": 48, "epochs": 2}
    known = {"cross_entropy", "row_error", "agreement", "brier", "calibration_error", "teacher_kl"}
    assert known <= set(found.metrics) <= known | {"inherited_errors"}
    assert found.cost["size_bytes"] == 4 * found.cost["params"]
    assert len(as_classes(found.predictions)) == data.selection_rows
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_random_teacher_trains_on_the_answers_to_other_rows(data: TrialData) -> None:
    kl = Pipeline(
        Part("cut", {"keep": 0.5}),
        (Term(Part("kl", {"temperature": 1.0}), 1.0),),
        Part("adamw", {"lr": 3e-3}),
    )
    taught, misled = (
        run_trial(data, TrialSpec(0, kl, 0, 64, 10, baseline), never) for baseline in ("", "random")
    )

    assert misled.metrics["cross_entropy"] > taught.metrics["cross_entropy"] + 0.1


def test_the_same_seed_gives_the_same_numbers_to_the_last_bit(
    data: TrialData, pipeline: Pipeline
) -> None:
    ticket = TrialSpec(0, pipeline, 3, 48, 2)

    assert untimed(run_trial(data, ticket, never)) == untimed(run_trial(data, ticket, never))


def test_another_seed_gives_other_numbers(data: TrialData, pipeline: Pipeline) -> None:
    one, other = (
        run_trial(data, TrialSpec(0, pipeline, seed, 48, 1), never).metrics for seed in (0, 1)
    )

    assert one["cross_entropy"] != other["cross_entropy"]


def test_a_trial_that_is_told_to_stop_says_so_and_how_far_it_came(
    data: TrialData, pipeline: Pipeline
) -> None:
    found = run_trial(data, TrialSpec(0, pipeline, 0, 48, 3), lambda *_: True)

    assert found.status == "stopped"
    assert [rung for rung, _ in found.curve] == [1]
    assert found.predictions == b""


def test_more_visits_than_rows_go_round_them(data: TrialData, pipeline: Pipeline) -> None:
    once, more = (run_trial(data, TrialSpec(0, pipeline, 0, n, 1), never) for n in (64, 256))

    assert more.fidelity == {"rows": 256, "epochs": 1}
    assert more.metrics != once.metrics


def test_all_layers_of_the_teacher_score_like_the_teacher_at_once(data: TrialData) -> None:
    whole = Pipeline(
        Part("cut", {"keep": 1.0}),
        (Term(Part("kl", {"temperature": 2.0}), 1.0),),
        Part("adamw", {"lr": 1e-5}),
    )

    assert run_trial(data, TrialSpec(0, whole, 0, 32, 1), never).metrics["agreement"] == 1.0


@pytest.mark.parametrize(
    "student",
    [Part("scratch", {"layers": 1, "width": 64}), Part("cut", {"keep": 0.5, "vocabulary": "full"})],
)
def test_every_kind_of_student_and_loss_trains(data: TrialData, student: Part) -> None:
    terms = (Term(Part("mse_centred"), 1.0), Term(Part("cosine"), 0.5, Part("last")))

    found = run_trial(data, TrialSpec(0, Pipeline(student, terms, Part("adamw")), 0, 32, 1), never)

    assert found.status == "complete"


def test_a_teacher_that_gives_logits_only_is_enough_without_feature_terms(
    data: TrialData, pipeline: Pipeline
) -> None:
    plain = replace(pipeline, terms=pipeline.terms[:2])

    assert run_trial(data, TrialSpec(0, plain, 0, 32, 1), never).status == "complete"


def test_a_complete_trial_without_its_predictions_is_refused_where_it_ends() -> None:
    with pytest.raises(ValueError, match="without its predictions"):
        TrialResult("complete", 0.5, ((4, 0.5),), {}, {}, metrics={"row_error": 0.1})
