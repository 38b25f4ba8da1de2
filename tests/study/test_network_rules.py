"""Members that cannot stand beside a network which lacks what they need."""

import random
from pathlib import Path

import pytest

from autodistill.registry.ranges import OneOf
from autodistill.study import spaces
from autodistill.study.network_rules import Lacks, clash, clashes
from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.rules import Conditions, by_token
from autodistill.study.space_file import read_space
from autodistill.study.student_networks import with_networks
from tests.spaces import random_ask

LACKS: Lacks = {
    "foreign": frozenset({"tokens"}),
    "plain": frozenset({"projections"}),
    "deep": frozenset({"layers"}),
    "blind": frozenset({"embeddings"}),
    "same": frozenset(),
}


def student(network: str) -> Part:
    """The student made of this network."""
    return Part("checkpoint", {"network": network})


@pytest.mark.parametrize(
    ("network", "slot", "part"),
    [
        ("foreign", "feature", Part("mse", {"on": "tokens"})),
        ("foreign", "feature", Part("minilm_relation")),
        ("foreign", "feature", Part("token_masks")),
        ("foreign", "mixup", Part("embedding", {"teacher": "consistent"})),
        ("foreign", "tutor", Part("born_again")),
        ("plain", "feature", Part("minilm_relation")),
        ("deep", "feature", Part("mse", {"on": "pooled"})),
        ("blind", "mixup", Part("embedding", {"teacher": "silent"})),
    ],
)
def test_a_part_cannot_stand_beside_a_network_that_lacks_what_it_needs(
    network: str, slot: str, part: Part
) -> None:
    assert clash(slot, part, student(network), LACKS)
    assert not clash(slot, part, student("same"), LACKS)
    assert not clash(slot, part, Part("cut"), LACKS)


@pytest.mark.parametrize(
    ("network", "slot", "part"),
    [
        ("foreign", "feature", Part("mse", {"on": "pooled"})),
        ("foreign", "feature", NONE),
        ("foreign", "logit", Part("kl")),
        ("foreign", "mixup", Part("embedding", {"teacher": "interpolate"})),
        ("foreign", "tutor", Part("ensemble")),
        ("plain", "feature", Part("mse", {"on": "tokens"})),
        ("blind", "mixup", Part("hidden")),
    ],
)
def test_what_belongs_to_a_row_stands_beside_any_network(
    network: str, slot: str, part: Part
) -> None:
    assert not clash(slot, part, student(network), LACKS)


def test_a_message_names_both_and_what_to_take_instead() -> None:
    loss = Term(Part("mse", {"on": "tokens"}), 1.0, Part("skip"))
    pipeline = Pipeline(student("foreign"), (Term(Part("ce"), 1.0), loss), Part("adamw"))

    (told,) = clashes(pipeline, LACKS)

    assert "losses 'mse'" in told
    assert "'foreign'" in told
    assert "take a loss on mean states, or a network with the teacher's tokenizer" in told


@pytest.mark.parametrize("network", sorted(LACKS))
def test_no_sample_of_a_space_has_a_clash(network: str) -> None:
    space = with_networks(spaces.space("everything"), (network,)).fit(Conditions(lacks=LACKS))
    ask = random_ask(random.Random(0))

    made = [space.sample(ask) for _ in range(1500)]

    mine = [p for p in made if p.student.name == "checkpoint"]
    assert len(mine) > 50
    assert [problem for p in made for problem in clashes(p, LACKS)] == []
    assert any(by_token(p.terms) for p in mine) == (network not in ("foreign", "deep"))


def test_a_space_whose_students_all_read_other_tokens_compares_mean_states(
    tmp_path: Path,
) -> None:
    (tmp_path / "own.toml").write_text(
        '[student.checkpoint]\nname = ["foreign"]\n[feature.mse]\n[feature.token_masks]\n'
        '[feature.cosine]\non = ["tokens"]\n[mixup.none]\n[mixup.embedding]\n'
        'teacher = ["consistent"]\n'
    )

    fitted = read_space(tmp_path / "own.toml").fit(Conditions(lacks=LACKS))

    assert list(fitted.slots["feature"]) == ["mse"]
    assert fitted.slots["feature"]["mse"]["on"] == OneOf("pooled")
    assert list(fitted.slots["mixup"]) == ["none"]
    assert "no student of the space reads the teacher's tokens" in fitted.removed["feature.cosine"]
