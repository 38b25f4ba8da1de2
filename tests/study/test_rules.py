"""No sample breaks a rule of validity, whatever the task and the teacher."""

import random
from collections.abc import Iterator
from itertools import product

import pytest

from autodistill.registry import families
from autodistill.registry.ranges import OneOf
from autodistill.registry.slots import slots
from autodistill.study import spaces
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.study.rules import Conditions, signal_of
from tests.contracts.members import OF_IMAGES
from tests.spaces import kind, random_ask

SAMPLES = 20_000
SEVERAL = {"nkd", "dkd", "pld", "uskd", "kl_standardised", "kl_std_scaled", "ce_std_scaled"}
"""At two classes their formulas collapse."""
LABEL_INDEXED = {
    "ldr",
    "aldr",
    "comp_sum",
    "dice",
    "dco",
    "uskd",
    "ofa",
    "nkd",
    "dkd",
    "pld",
    "margin_gold",
}
OVER_THE_BATCH = {"mi_alpha", "sinkhorn", "dist", "dice"}
BY_TOKEN = {
    "ickd",
    "attention_mse",
    "attention_transfer",
    "fsp",
    "mi_alpha_tokens",
    "minilm_relation",
    "skt",
    "token_masks",
    "token_relations",
}
BLIND = {"sinkhorn", "dist", "dac", "log_cosh", "lelp"}


def worlds() -> list[Conditions]:
    """Tasks and teachers of every kind."""
    found = []
    for classes, rarest, metric in product((2, 3, 77), (0.01, 0.33), ("accuracy", "f1")):
        found.append(
            Conditions(
                classes, rarest=rarest, rarest_rows=int(300 * rarest), metric=metric, layers=6
            )
        )  # one that can be asked
        found.append(
            Conditions(
                classes,
                asks=False,
                rarest=rarest,
                metric=metric,
                layers=6,
                ordered=True,
                pool=True,
            )
        )  # one that is recorded
        found.append(
            Conditions(classes, pooled=False, asks=False, rarest=rarest, metric=metric)
        )  # a file of labels
    return found


def broken(made: Pipeline, given: Conditions) -> Iterator[str]:
    """The rules of validity that a pipeline breaks.

    They are written down apart from the code that keeps them.
    """
    names = {t.loss.name for t in made.terms}
    kinds = [kind(t.loss) for t in made.terms]
    if given.classes == 2 and names & SEVERAL:
        yield "collapses at two classes"
    if given.classes < 10 and "dac" in names:
        yield "a cut support needs many classes"
    if "hl_gauss" in names and not given.ordered:
        yield "classes are no scale"
    if "lelp" in names and (given.classes > 20 or not given.pooled):
        yield "kinds within a class are for few classes, and found in states"
    for term in made.terms:
        if (
            given.rarest_rows
            and term.loss.name == "lelp"
            and 10 * term.loss.knobs["parts"] > given.rarest_rows
        ):
            yield "too few rows for so many parts"
    if made.stage("mixup") != NONE and names & LABEL_INDEXED:
        yield "looks at one class of a mixed row"
    if names & BLIND and "hard" not in kinds:
        yield "nothing says where a single row should go"
    if not {"hard", "logit"} & set(kinds):
        yield "the classifier is never trained"
    if kinds.count("logit") > 1 or kinds.count("hard") > 1:
        yield "two logit-level losses on one head"
    if "dice" in names and given.rarest > 0.3 and given.metric != "f1":
        yield "no class is rare"
    if names & OVER_THE_BATCH and made.optimizer.knobs["batch"] < 16:
        yield "too few rows in a batch"
    if made.stage("mixup") != NONE and (
        names & BY_TOKEN or any(t.loss.knobs.get("on") == "tokens" for t in made.terms)
    ):
        yield "a mixed row has no tokens of its own"
    if made.stage("mixup") != NONE and made.stage("companion") != NONE:
        yield "a companion reads the rows themselves"
    if made.stage("mixup") != NONE and "crd" in names:
        yield "a mixed row has no place"
    if made.stage("transfer") != NONE and (set(kinds) <= {"hard"} or "crd" in names):
        yield "nothing to learn without a label, or a row without a place"
    if made.stage("transfer").name == "llkd" and made.stage("mixup") != NONE:
        yield "how a student does on a mixed row tells nothing"
    yield from stages(made, names, kinds)
    if not given.pooled and {"difference", "reference", "class_similarity"} & {
        part.name for part in made.stages.values()
    }:
        yield "no embeddings for the small model"
    if not given.pooled and "feature" in kinds and "exits" not in names:
        yield "no states to look at"
    if not given.asks and (
        made.stage("augmentation") != NONE
        or made.stage("mixup").knobs.get("teacher") == "consistent"
    ):
        yield "the teacher cannot be asked"
    if given.layers and made.student.knobs.get("layers", 0) > given.layers and "feature" in kinds:
        yield "deeper than the teacher"


def stages(made: Pipeline, names: set[str], kinds: list[str]) -> Iterator[str]:
    """Rules about targets, weightings and schedules."""
    if made.stage("mixup") != NONE and {"target", "weighting"} & made.stages.keys():
        yield "a mixed row has no label"
    if {"target", "weighting", "schedule"} & made.stages.keys() and "logit" not in kinds:
        yield "there is no logit loss to change"
    if made.stage("mixup") != NONE and made.stage("sampling").name in {
        "hard_examples",
        "learning_progress",
        "self_paced",
    }:
        yield "how a student does on a mixed row tells nothing"
    if made.stage("weighting").name == "tgeo" and "ce" not in names:
        yield "nothing to trade the teacher against"
    if made.stage("weighting") != NONE and names & {"sinkhorn", "dist"}:
        yield "there are no rows to weigh"
    if (
        made.stage("schedule").name in {"decay", "warm_up", "stop_at", "annealing_kd", "balance"}
        and "hard" not in kinds
    ):
        yield "nothing is left when the teacher is silent"
    if made.stage("schedule").name == "two_stage" and "feature" not in kinds:
        yield "there is nothing for the first stage"
    if made.stage("schedule").name == "annealing_kd" and not names & {"logit_mse", "mse_centred"}:
        yield "only squares see the size of logits"
    if made.stage("schedule").name in {"anneal", "entropy_match"} and not any(
        "temperature" in t.loss.knobs for t in made.terms
    ):
        yield "there is no temperature"


@pytest.mark.slow
def test_twenty_thousand_samples_break_no_rule() -> None:
    space, draw = spaces.space("everything"), random.Random(0)
    seen: set[str] = set()
    treated: set[str] = set()
    for given in (all_worlds := worlds()):
        fitted, ask = space.fit(given), random_ask(draw)
        for _ in range(SAMPLES // len(all_worlds) + 1):
            made = fitted.sample(ask)
            seen |= {t.loss.name for t in made.terms}
            treated |= {part.name for part in made.stages.values()}
            assert not list(broken(made, given)), f"{made} under {given}"

    assert seen >= SEVERAL | LABEL_INDEXED | BY_TOKEN | {"crd"} | OVER_THE_BATCH | BLIND | {
        "hl_gauss"
    }  # every rule had something to forbid
    assert treated == {
        n for slot in slots("stage").values() for n in families.names(slot.family)
    } - {
        *("swing", "swing_noise"),  # no search measures privacy
        *families.names("tutors"),  # the space `teachers` has them
        *families.names("regularizers"),  # no shipped space has them: studies of this one go on
        *("contextual", "back_translation"),  # no other network is named
        *OF_IMAGES,  # the worlds are of texts
    }


def test_a_space_of_everything_keeps_for_images_what_is_for_images() -> None:
    space = spaces.space("everything")

    of_images = space.fit(Conditions(classes=10, layers=3, images=True, projects=False))

    assert set(of_images.slots["student"]) == {"residual", "perceptron", "vit"}
    assert set(of_images.slots["augmentation"]) == {"none", *OF_IMAGES}
    assert of_images.slots["feature"]["mse"]["on"] == OneOf("pooled")
    signals = {
        n: families.card("losses", n).traits.get("signal")
        for n in of_images.slots["feature"]
        if n != "none"
    }
    assert not {"tokens", "projections"} & set(signals.values())
    assert of_images.removed["student.cut"] == "it is for texts, the task is of images"
    assert (
        space.fit(Conditions(classes=10)).removed["student.vit"]
        == "it is for images, the task is of texts"
    )
    draw, ask = [], random_ask(random.Random(0))
    for _ in range(300):
        draw += [signal_of(t.loss) for t in of_images.sample(ask).terms]
    assert set(draw) == {"", "pooled"}
