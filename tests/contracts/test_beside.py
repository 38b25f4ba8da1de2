"""Promises of every companion and every post, in a real training."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.components.posts import Post
from autodistill.components.posts.calibrated import Calibrated
from autodistill.components.posts.head_again import HeadAgain
from autodistill.datasets import Rows
from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.full import train_in_full
from autodistill.training.post_training import kept_rows, scale
from autodistill.training.predictions import predict
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.contracts.members import corners
from tests.fakes import sentences
from tests.paths import of_member
from tests.training.materials import materials

MEMBERS = [(kind, name) for kind in ("companions", "posts") for name in families.names(kind)]
every_member = pytest.mark.parametrize(("kind", "name"), MEMBERS)
KD = (Term(Part("ce"), 0.5), Term(Part("kl", {"temperature": 2.0}), 0.5))
PLAIN = Pipeline(
    Part("cut", {"keep": 0.5, "embeddings": "trained"}),
    KD,
    Part("adamw", {"lr": 1e-3, "batch": 16}),
)


@pytest.fixture(scope="module")
def data(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    """Rows of a tiny study."""
    pairs = sentences(160, seed=3)
    rows = Rows(
        tuple(t for t, _ in pairs),
        None,
        np.array([("neg", "pos").index(label) for _, label in pairs]),
    )
    return materials(teacher, ("neg", "pos"), rows, 32, tmp_path_factory.mktemp("home"))


def beside(kind: str, name: str, terms: tuple[Term, ...] = KD) -> Pipeline:
    """One member at its defaults."""
    stage: dict[str, Any] = {kind[:-1]: Part(name)}
    return replace(PLAIN, terms=terms, stages=stage)


@every_member
def test_the_labels_are_written_and_there_is_a_test(kind: str, name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(families.card(kind, name).labels)
    assert of_member(kind, name).exists()


@every_member
def test_knobs_are_stored_unchanged(kind: str, name: str) -> None:
    assert all(
        {k: getattr(families.build(kind, name, v), k) for k in v} == v
        for v in [{}, *corners(kind, name)]
    )


@every_member
@pytest.mark.parametrize("alone", [False, True])
def test_it_trains_and_changes_the_student(
    data: TrialData, kind: str, name: str, alone: bool
) -> None:
    terms = (Term(Part("ce"), 1.0),) if alone else KD

    found, plain = (
        run_trial(data, TrialSpec(0, p, 0, 128, 2), never)
        for p in (beside(kind, name, terms), replace(PLAIN, terms=terms))
    )

    assert found.status == "complete"
    assert np.isfinite(found.metrics["cross_entropy"])
    assert found.metrics["cross_entropy"] != plain.metrics["cross_entropy"]


@every_member
def test_the_student_that_leaves_has_nothing_more_and_can_be_trained_on(
    data: TrialData, kind: str, name: str
) -> None:
    made, plain = (
        train_in_full(data, p, epochs=1, seed=0, tick=lambda *_: None).network
        for p in (beside(kind, name), PLAIN)
    )

    assert made.state_dict().keys() == plain.state_dict().keys()
    assert [p.requires_grad for p in made.parameters()] == [
        p.requires_grad for p in plain.parameters()
    ]


def test_a_head_trained_again_leaves_everything_below_alone(data: TrialData) -> None:
    made, plain = (
        train_in_full(data, p, epochs=1, seed=0, tick=lambda *_: None).network
        for p in (beside("posts", "head_again"), PLAIN)
    )

    moved = {k for k, v in made.state_dict().items() if not torch.equal(v, plain.state_dict()[k])}
    assert moved == {"classifier.weight", "classifier.bias"}


def test_a_calibrated_student_gives_the_same_answers_divided_by_one_number(data: TrialData) -> None:
    class Twice(Post):
        def temperature(self, logits: torch.Tensor, labels: torch.Tensor) -> float:
            return 2.0

    network, shard = (
        train_in_full(data, PLAIN, epochs=1, seed=0, tick=lambda *_: None).network,
        data.shards["covering"].open(),
    )
    rows = np.arange(16)
    before = predict(network, shard, rows)

    scale(network, Twice(), before, shard.labels[rows])

    np.testing.assert_allclose(predict(network, shard, rows), before / 2, rtol=1e-5, atol=1e-6)


def test_kept_rows_are_not_trained_on_and_never_more_than_a_quarter() -> None:
    rows = np.arange(100, 2100)

    trained, kept = kept_rows(Calibrated(), rows, seed=3)

    assert len(kept) == 100
    assert sorted([*trained, *kept]) == list(rows)
    assert len(kept_rows(Calibrated(), rows[:40], seed=3)[1]) == 10
    assert (
        len(kept_rows(HeadAgain(), rows, seed=3)[1]) == len(kept_rows(None, rows, seed=3)[1]) == 0
    )
