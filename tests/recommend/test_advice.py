from collections.abc import Mapping

import pytest

from autodistill.recommend.advice import advise, nearest
from autodistill.recommend.choice import choose
from autodistill.recommend.models import MODELS
from autodistill.recommend.numbers import chosen
from autodistill.recommend.past import Past, learn
from autodistill.study.pipeline import NONE
from tests.recommend.studies import ABOUT, COMMON, past, pipeline

FAST = {n: MODELS[n] for n in ("linear", "trees")}
KNOWN = learn({f"s{i}": past(i) for i in range(6)})
CHOSEN = choose(KNOWN.evidence, makers=FAST)
NOISE = learn({f"s{i}": past(i, mixup=0.0, noise=0.5, seeds=1) for i in range(6)})
OTHERS = [
    pipeline(t, k, m) for t in (1.5, 3.0, 6.0) for k in (0.5, 0.75, 1.0) for m in (False, True)
]
"""Nobody has tried these."""


def test_the_first_recipe_has_what_helped_everywhere_and_an_interval() -> None:
    found = advise(KNOWN, CHOSEN, ABOUT, OTHERS)

    first = found.suggestions[0]
    assert found.silence == ""
    assert first.pipeline.stage("mixup") != NONE
    assert first.pipeline.student.knobs["keep"] == 1.0
    assert 0 <= first.low <= first.standing <= first.high <= 1


def test_a_model_that_knows_nothing_of_new_pipelines_is_never_believed() -> None:
    both = choose(KNOWN.evidence, makers={"average": MODELS["average"], "trees": MODELS["trees"]})

    assert both.model == "trees"
    assert both.marks["average"].keys() == set(KNOWN.evidence.names)


def test_suggestions_differ_by_choices_not_by_knobs_alone() -> None:
    found = advise(KNOWN, CHOSEN, ABOUT, OTHERS).suggestions

    assert len(found) == 2
    assert chosen(found[0].pipeline) != chosen(found[1].pipeline)


def test_with_few_datasets_it_says_so_and_gives_the_portfolio() -> None:
    few = learn({f"s{i}": past(i) for i in range(3)})

    found = advise(few, None, ABOUT, COMMON)

    assert "studies of 4 datasets are needed, 3 are there" in found.silence
    assert [s.pipeline for s in found.suggestions] == few.portfolio(images=False)[:5]


def test_where_past_studies_are_noise_it_says_nothing() -> None:
    found = advise(NOISE, choose(NOISE.evidence, makers=FAST), ABOUT, COMMON)

    assert "no better than one at random" in found.silence
    assert len(found.suggestions) == 5


@pytest.mark.parametrize(
    "about", [{"teacher_lift": 0.0}, {"teacher_lift": 0.015}, {"teacher_lift": -0.1}]
)
def test_where_the_teacher_knows_nothing_it_says_nothing(about: Mapping[str, float]) -> None:
    assert "nothing to distil" in advise(KNOWN, CHOSEN, {**ABOUT, **about}, COMMON).silence


def test_what_was_earned_stands_beside_pipelines_at_random() -> None:
    earned = advise(KNOWN, CHOSEN, ABOUT, COMMON).earned

    assert earned is not None
    assert earned.datasets == 6
    assert earned.first > 0.9 > 0.6 > earned.random_first
    assert earned.five >= earned.random_five
    assert earned.gain_low > 0.2


def test_the_nearest_study_comes_first_and_the_same_dataset_has_no_distance() -> None:
    found = nearest(KNOWN, KNOWN.fingerprint("s4"))

    assert [name for name, _ in found[:3]] == ["s4", "s3", "s5"]
    assert found[0][1] == 0.0


def test_nothing_is_near_where_nothing_is_known() -> None:
    empty: Past = learn({})

    assert nearest(empty, ABOUT) == ()
    assert advise(empty, None, ABOUT, []).suggestions == ()
