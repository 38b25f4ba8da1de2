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
from autodistill.training import full
from autodistill.training.fit import fit
from autodistill.training.full import train_in_full
from autodistill.training.latency import student_cost
from autodistill.training.trial_data import TrialData


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
